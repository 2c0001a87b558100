"""A hasher that counts, so that *the same work* is tested without a clock."""

from django.contrib.auth.hashers import MD5PasswordHasher


class Counting(MD5PasswordHasher):
    """MD5 that counts how often it hashed; checking a password hashes once too."""

    calls = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.calls += 1
        return super().encode(password, salt)
