"""Tags for the console's pages."""
