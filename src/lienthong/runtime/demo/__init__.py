"""A whole country in one folder: the hub, four offices and a test authority, and the story that they act."""
