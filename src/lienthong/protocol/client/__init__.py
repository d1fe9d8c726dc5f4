"""A member's connection to a hub."""
