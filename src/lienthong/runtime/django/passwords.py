"""How passwords are kept: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).

Django's own ask for 100 MiB and eight lanes at every sign-in: a few people who sign in at once would fill a small
server, and a guesser more so. Hashes made with other parameters are made anew when their owners sign in.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Passwords(Argon2PasswordHasher):
    """Argon2id; each hash carries its own parameters."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
