"""What proves that something happened: pure, checkable offline."""
