"""The rows of an office."""
