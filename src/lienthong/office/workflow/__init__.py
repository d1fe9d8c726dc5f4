"""The one place where a document of the office changes its state."""
