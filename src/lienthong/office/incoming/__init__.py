"""Incoming documents: arrive, check, accept or refuse, instruct, process, finish, obey a recall."""
