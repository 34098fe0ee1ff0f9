"""Making, finding, replacing and revoking the keys of the business API."""

import secrets
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet

from tenants import tokens
from tenants.client_ip import IPAddress
from tenants.compiled_queries import compiled_query
from tenants.models import ApiKey, BusinessStatus, Membership
from tenants.nouns import registry

PREFIX = "pk_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH, CHECKSUM_LENGTH = 32, 6
# How much of a key is stored readable, so that people recognise it.
BEGINNING_LENGTH = len(PREFIX) + 6
USE_RECORDING_INTERVAL = timedelta(minutes=5)


class UnknownScope(ValueError):
    """No installed noun declares this scope."""


@dataclass(frozen=True)
class NewApiKey:
    """A key that was just made, with its text, which is shown once and stored nowhere."""

    key: ApiKey
    text: str


def create_api_key(
    *,
    membership: Membership,
    name: str,
    scopes: Iterable[str],
    allowed_networks: Iterable[str] = (),
    expires_at: datetime | None = None,
    key_id: UUID | None = None,
    now: datetime,
) -> NewApiKey:
    """Make a key for a member's business, with an id of the caller's if there is one. Raises UnknownScope."""
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - set(registry.get_api_scopes()):
        raise UnknownScope(", ".join(sorted(unknown)))
    text = generate_key_text()
    key = ApiKey.objects.create(
        id=key_id or uuid4(),
        business_id=membership.business_id,
        membership=membership,
        name=name,
        beginning=text[:BEGINNING_LENGTH],
        digest=tokens.digest_token(text),
        scopes=wanted,
        allowed_networks=[str(ip_network(network, strict=False)) for network in allowed_networks],
        expires_at=expires_at,
        created_at=now,
    )
    return NewApiKey(key, text)


@transaction.atomic
def replace_api_key(
    *, key: ApiKey, new_id: UUID, membership: Membership, overlap: timedelta, now: datetime
) -> NewApiKey:
    """Make a key with the same name and rights; the old one works until the overlap has passed."""
    expires_at = key.expires_at if key.expires_at and key.expires_at > now else None
    new = create_api_key(
        membership=membership,
        name=key.name,
        scopes=key.scopes,
        allowed_networks=key.allowed_networks,
        expires_at=expires_at,
        key_id=new_id,
        now=now,
    )
    ends_at = min(now + overlap, expires_at) if expires_at else now + overlap
    ApiKey.objects.filter(pk=key.pk).update(replaced_by=new.key, expires_at=ends_at)
    return new


def revoke_api_key(*, key: ApiKey, now: datetime) -> bool:
    """End a key at once; return False if it had ended already."""
    return bool(ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now))


def find_api_key(text: str) -> ApiKey | None:
    """Return the key with this text, in whatever state, with its business, member and person."""
    found = _find_by_digest(digest=tokens.digest_token(text)) if is_key_text(text) else []
    return found[0] if found else None


def record_key_use(key: ApiKey, *, now: datetime) -> None:
    """Save when a key was used, at most once in five minutes."""
    if key.used_at is None or key.used_at < now - USE_RECORDING_INTERVAL:
        ApiKey.objects.filter(pk=key.pk, used_at=F("used_at") if key.used_at else None).update(used_at=now)


def generate_key_text() -> str:
    """Return a new key: 190 random bits and a checksum, by which secret scanners tell it from other texts."""
    random = "".join(secrets.choice(ALPHABET) for _character in range(RANDOM_LENGTH))
    return f"{PREFIX}{random}{_build_checksum(random)}"


def is_key_text(text: str) -> bool:
    """Return whether a text has the form of a key."""
    random, checksum = text[len(PREFIX) : -CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    is_well_formed = text.startswith(PREFIX) and len(random) == RANDOM_LENGTH and text.isascii()
    return is_well_formed and checksum == _build_checksum(random)


def is_key_usable(key: ApiKey, *, now: datetime) -> bool:
    """Return whether a key is neither revoked nor expired, its maker still a member, and its business not closed."""
    if key.business.status == BusinessStatus.CLOSED:
        return False
    if key.revoked_at or (key.expires_at and key.expires_at <= now):
        return False
    return key.membership is not None and key.membership.person.is_active


def is_network_allowed(key: ApiKey, ip: IPAddress | None) -> bool:
    """Return whether a key may be used from an address."""
    if not key.allowed_networks:
        return True
    return ip is not None and any(ip in ip_network(network) for network in key.allowed_networks)


@compiled_query
def _find_by_digest(digest: bytes) -> QuerySet[ApiKey]:
    found = ApiKey.objects.select_related("business", "membership__person", "membership__business")
    return found.filter(digest=digest)


def _build_checksum(random: str) -> str:
    number, digits = zlib.crc32(random.encode()), ""
    while number:
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits.rjust(CHECKSUM_LENGTH, ALPHABET[0])
