"""The keys of encrypted columns, by their names, and the cipher that uses them."""

import base64
import binascii
import os
import re
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # what AES-GCM is specified for
NAME = re.compile(r"[a-z0-9-]{1,20}")


class Unreadable(Exception):  # noqa: N818  says what is so
    """A stored text cannot be read: its key is gone, or it was altered or moved."""


def read_keys(listed: list[str], variable: str) -> dict[str, bytes]:
    """Keys from `name:base64` pairs, in their order: the first writes, every one reads.

    Raises:
        ImproperlyConfigured: one is not a name and 32 bytes, or two share a name. The message
            holds no key.
    """
    keys = {}
    for pair in listed:
        name, _, text = pair.partition(":")
        try:
            key = base64.b64decode(text, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            key = b""
        if not NAME.fullmatch(name) or len(key) != KEY_BYTES or name in keys:
            raise ImproperlyConfigured(
                f"{variable} must list name:key pairs, each key 32 random bytes in base64 and each "
                "name its own, of small letters, figures and hyphens."
            )
        keys[name] = key
    return keys


def seal(text: str, *, setting: str, bound_to: str) -> str:
    """Encrypt a text with the first key of a setting: `key name.base64`.

    Args:
        bound_to: where the text belongs; it can be read nowhere else.
    """
    keys: dict[str, bytes] = getattr(settings, setting)
    name, key = next(iter(keys.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, text.encode(), _bound(name, bound_to))
    return f"{name}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(stored: str, *, setting: str, bound_to: str) -> str:
    """The text that `seal` encrypted.

    Raises:
        Unreadable: the key is not known, or the value was altered or belongs elsewhere.
    """
    name, _, encoded = stored.partition(".")
    key = getattr(settings, setting).get(name)
    if key is None:
        raise Unreadable(f"No key of {setting} is called as this text says.")
    try:
        sealed = base64.b64decode(encoded, altchars=b"-_", validate=True)
        nonce, sealed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return _cipher(key).decrypt(nonce, sealed, _bound(name, bound_to)).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("An encrypted text was altered or moved.") from error


def _bound(name: str, bound_to: str) -> bytes:
    return f"lxp 1|{name}|{bound_to}".encode()


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
