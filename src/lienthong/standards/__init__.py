"""What others published, in pure Python: codes, statuses, the packet format, signatures, working days."""
