"""Telling systems that something waits: endpoints, messages made from what is committed, and sending them."""
