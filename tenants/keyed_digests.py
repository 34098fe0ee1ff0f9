"""Keyed digests, by which something is recognised without storing it: an address, a network, a person.

They have keys of their own, DIGEST_KEYS, because they are compared with what was stored before: a new
SECRET_KEY must not refill the limits that are counted by them.
"""

import hmac
from typing import NamedTuple

from django.conf import settings


class KeyedDigest(NamedTuple):
    """The digest of one value under the newest key, by which it is stored, and under the key before.

    Both are the same with a single key. Whoever looks for what was stored looks for either.
    """

    current: bytes
    previous: bytes

    def truncate(self, size: int) -> "KeyedDigest":
        """Return the first `size` bytes of both digests."""
        return KeyedDigest(self.current[:size], self.previous[:size])


def compute_keyed_digest(purpose: str, value: str) -> KeyedDigest:
    """Return the digests of a value; for another purpose the same value has others."""
    keys = list(settings.DIGEST_KEYS.values())
    return _digest_with_both(keys[0], keys[-1], f"{purpose}\0{value}".encode())


def derive_keyed_digest(digest: KeyedDigest, purpose: str) -> KeyedDigest:
    """Return, from the digests of a value that is not at hand, its digests for another purpose."""
    return _digest_with_both(digest.current, digest.previous, purpose.encode())


def _digest_with_both(current: bytes, previous: bytes, message: bytes) -> KeyedDigest:
    digest = hmac.digest(current, message, "sha256")
    return KeyedDigest(digest, digest if previous == current else hmac.digest(previous, message, "sha256"))
