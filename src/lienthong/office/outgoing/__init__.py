"""Outgoing documents: draft, review, sign, number, seal, issue, follow, recall."""
