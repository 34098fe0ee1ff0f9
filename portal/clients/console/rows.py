"""What does one row of the list show? Put into words here: fifty rows a page are too many for a template to think about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.ui.templatetags.ui import format_phone

NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Row:
    """A client with the addresses and tags that came along; the first of each kind is shown, and how many more there are."""

    client: Client
    url: str
    choose: str
    emails: list[str]
    phones: list[str]
    more_emails: int
    more_phones: int
    tags: list[dict[str, str]]
    seen: str
    added: str


def rows_of(clients: Iterable[Any], *, slug: str) -> list[Row]:
    """Return the rows for clients that `services.with_rows` made ready, in the reader's language."""
    place, choose, language = reverse("console:client", args=[slug, NOBODY]), _("Choose %(name)s"), get_language() or ""
    return [_row(client, place, choose, language) for client in clients]


def _row(client: Any, place: str, choose: str, language: str) -> Row:
    emails = [address["value"] for address in client.addresses if address["kind"] == "email"]
    phones = [_readable(address["value"]) for address in client.addresses if address["kind"] == "phone"]
    return Row(
        client=client,
        url=place.replace(NOBODY, str(client.pk)),
        choose=choose % {"name": client.name},
        emails=emails,
        phones=phones,
        more_emails=len(emails) - 1,
        more_phones=len(phones) - 1,
        tags=client.labels,
        seen=_day(client.signed_in_at, language),
        added=_day(client.created_at, language),
    )


@lru_cache(maxsize=2000)
def _readable(number: str) -> str:
    return format_phone(number)


def _day(instant: datetime | None, language: str) -> str:
    return _written(timezone.localtime(instant).date(), language) if instant else ""


@lru_cache(maxsize=2000)
def _written(day: date, language: str) -> str:
    """Return a day as people write it; the language is that of the thread and tells the kept ones apart."""
    return date_format(day, _("j M Y"))
