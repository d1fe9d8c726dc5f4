"""Tra cứu: finding documents of either direction by what people remember of them (Decree 30/2020, Annex VI, 6)."""
