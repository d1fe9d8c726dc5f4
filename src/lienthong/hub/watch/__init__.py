"""Watching the exchange: figures measured now and then, rules that find what asks for attention, and telling people."""
