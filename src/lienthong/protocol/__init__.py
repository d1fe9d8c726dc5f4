"""What a member and the hub say to each other."""
