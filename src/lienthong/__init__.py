"""Liên Thông: the exchange of official documents between agencies: the hub, the office, and what they stand on."""
