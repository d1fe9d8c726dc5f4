"""The tree over the journal, and what the hub signed of it."""

from django.db import models


class TreeTile(models.Model):
    """Hashes of up to 256 whole subtrees side by side; on level L each is over 256^L events.

    Attributes:
        first: on level 0, the journal's id of the first event; from there on the ids that are there give the places.
        hashes: 32 bytes each.
    """

    pk = models.CompositePrimaryKey("level", "place")
    level = models.PositiveSmallIntegerField()
    place = models.PositiveBigIntegerField()
    first = models.PositiveBigIntegerField(null=True)
    hashes = models.BinaryField()


class TreeHead(models.Model):
    """A signed tree head: so many events had this root when the hub said so.

    Attributes:
        last: the journal's id of the newest event in it.
        signed: the hub's statement, a compact JWS.
    """

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    last = models.PositiveBigIntegerField()
    signed = models.TextField()
