"""What a machine needs before the first run."""
