"""Public test support, without Django."""
