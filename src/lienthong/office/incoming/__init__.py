"""Incoming documents: checked, accepted or refused, assigned, processed, finished; and recalled."""
