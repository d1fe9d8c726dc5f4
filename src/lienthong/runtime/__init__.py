"""The only place that wires: settings, servers, workers, commands."""
