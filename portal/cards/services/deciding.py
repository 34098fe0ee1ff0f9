"""What will the one card say that two become, and what of it may staff decide?

The card that stays is suggested wherever it says something; what it leaves open comes from the
other, so that nothing is lost. Where both say something and not the same, staff choose.
Whoever is blocked on either card stays blocked, whatever is chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.clients.models import Client, Contact
from portal.clients.models.contact import MAIN_FIRST

PLAIN = ("name", "status", "language", "time_zone", "source")
# Beside the columns and the business's own fields: which mailbox is written to, and since when they are a client.
MAILBOX, SINCE = "mailbox", "created_at"
KEPT, GONE = "kept", "gone"


@dataclass(frozen=True)
class Preview:
    """What one field says on the card that stays, on the other, and afterwards; `is_open` if staff may decide."""

    field: str
    kept: Any
    gone: Any
    result: Any
    is_open: bool = False

    @property
    def is_from_gone(self) -> bool:
        """Tell whether the other card decides."""
        return self.result != self.kept and self.result == self.gone


def preview_merge(*, kept: Client, gone: Client, choices: Mapping[str, str] | None = None) -> list[Preview]:
    """Return field by field what a merge leads to; fields of the business's own by their key.

    `choices` says by field which card decides, KEPT or GONE, and counts only where that is open.
    """
    chosen = choices or {}
    plain = [_row(field, getattr(kept, field), getattr(gone, field), chosen) for field in PLAIN if field != "status"]
    # What stands on both stays as the card that stays has it: who may not sign in by it there isn't written to at it.
    barred = kept.contacts.filter(kind=Contact.Kind.EMAIL, may_sign_in=False).values("value")
    mailbox = _row(MAILBOX, _mailbox(kept), _mailbox(gone, barred=barred), chosen)
    since = Preview(SINCE, kept.created_at, gone.created_at, min(kept.created_at, gone.created_at))
    keys = dict.fromkeys([*kept.custom, *gone.custom])
    own = [_row(key, kept.custom.get(key), gone.custom.get(key), chosen) for key in keys]
    return [plain[0], _status(kept, gone, chosen), *plain[1:], mailbox, since, *own]


def is_offered(choices: Mapping[str, str], rows: Sequence[Preview]) -> bool:
    """Tell whether everything that was chosen is there to be chosen."""
    fields = {row.field for row in rows if row.is_open}
    return set(choices) <= fields and set(choices.values()) <= {KEPT, GONE}


def has_value(value: Any) -> bool:
    """Tell whether a field says something; no is an answer too."""
    return value not in (None, "")


def _row(field: str, kept: Any, gone: Any, chosen: Mapping[str, str]) -> Preview:
    is_open = has_value(kept) and has_value(gone) and kept != gone
    from_gone = chosen.get(field) == GONE if is_open else not has_value(kept)
    return Preview(field, kept, gone, gone if from_gone else kept, is_open)


def _status(kept: Client, gone: Client, chosen: Mapping[str, str]) -> Preview:
    if Client.Status.BLOCKED in (kept.status, gone.status):
        return Preview("status", kept.status, gone.status, Client.Status.BLOCKED.value)
    return _row("status", kept.status, gone.status, chosen)


def _mailbox(client: Client, *, barred: QuerySet | tuple = ()) -> str:
    own = client.contacts.filter(kind=Contact.Kind.EMAIL, may_sign_in=True).exclude(value__in=barred)
    own = own.order_by(*MAIN_FIRST)
    return own.values_list("value", flat=True).first() or ""
