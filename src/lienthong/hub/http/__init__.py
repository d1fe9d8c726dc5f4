"""The doors of the hub."""
