"""What the hub refuses is what its protocol can say: see `lienthong.protocol.problems`. This module adds faults that
never leave the service."""


class IllegalMove(RuntimeError):
    """A delivery was not in a state from which the move is possible; whoever caused it looks again."""
