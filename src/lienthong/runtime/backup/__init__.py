"""Backups of a service: made in one moment, sealed, proven by a restore, and brought back (Decision 28, Article 19.1đ).

`making` writes one, `drill` proves one, `restoring` brings one back; `archive` is their form, `keeping` what lies in
the target and what the journal knows of it, `schedule` the process that makes them by itself.
"""
