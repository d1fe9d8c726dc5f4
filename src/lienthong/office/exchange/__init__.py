"""The worker's side of the exchange: what waits goes to the hub, what waits there comes here."""
