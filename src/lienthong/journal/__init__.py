"""The append-only record of a service."""
