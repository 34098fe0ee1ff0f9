"""Preview of a merge: the result for each field, and which of them staff can decide.

The survivor's value is proposed where it has one, else the duplicate's, so that nothing is lost. Where both
have different values, staff choose. Who is blocked on either card stays blocked, whatever is chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.clients.models import Client, ClientStatus, ContactKind
from portal.clients.models.client_contact import MAIN_FIRST

PLAIN_FIELDS = ("name", "status", "language", "time_zone", "source")
# Two more fields beside the columns and the custom fields: the main email address, and since when they are a client.
MAIN_EMAIL, CLIENT_SINCE = "main_email", "created_at"
SURVIVOR, DUPLICATE = "survivor", "duplicate"


@dataclass(frozen=True)
class MergedField:
    """One field on the survivor, on the duplicate, and after the merge; `is_open` if staff can decide."""

    field: str
    survivor: Any
    duplicate: Any
    result: Any
    is_open: bool = False

    @property
    def is_from_duplicate(self) -> bool:
        """Tell whether the result is the duplicate's value."""
        return self.result != self.survivor and self.result == self.duplicate


def compute_merged_fields(
    *, survivor: Client, duplicate: Client, choices: Mapping[str, str] | None = None
) -> list[MergedField]:
    """Return the result of a merge field by field; custom fields by their ids.

    `choices` says by field which card's value is taken, SURVIVOR or DUPLICATE; it counts only for open fields.
    """
    chosen = choices or {}
    plain = [
        _merge_field(field, getattr(survivor, field), getattr(duplicate, field), chosen)
        for field in PLAIN_FIELDS
        if field != "status"
    ]
    # An address on both cards keeps the survivor's settings, so it gets no mail if it may not sign in there.
    excluded = survivor.contacts.filter(kind=ContactKind.EMAIL, may_sign_in=False).values("value")
    main_email = _merge_field(
        MAIN_EMAIL, _find_main_email(survivor), _find_main_email(duplicate, excluded=excluded), chosen
    )
    created_at = min(survivor.created_at, duplicate.created_at)
    since = MergedField(CLIENT_SINCE, survivor.created_at, duplicate.created_at, created_at)
    keys = dict.fromkeys([*survivor.custom, *duplicate.custom])
    custom = [_merge_field(key, survivor.custom.get(key), duplicate.custom.get(key), chosen) for key in keys]
    return [plain[0], _merge_status(survivor, duplicate, chosen), *plain[1:], main_email, since, *custom]


def are_merge_choices_valid(choices: Mapping[str, str], rows: Sequence[MergedField]) -> bool:
    """Tell whether every choice is for an open field and names one of the two cards."""
    fields = {row.field for row in rows if row.is_open}
    return set(choices) <= fields and set(choices.values()) <= {SURVIVOR, DUPLICATE}


def is_filled(value: Any) -> bool:
    """Tell whether a field has a value; False is one."""
    return value not in (None, "")


def _merge_field(field: str, survivor: Any, duplicate: Any, chosen: Mapping[str, str]) -> MergedField:
    is_open = is_filled(survivor) and is_filled(duplicate) and survivor != duplicate
    is_from_duplicate = chosen.get(field) == DUPLICATE if is_open else not is_filled(survivor)
    return MergedField(field, survivor, duplicate, duplicate if is_from_duplicate else survivor, is_open)


def _merge_status(survivor: Client, duplicate: Client, chosen: Mapping[str, str]) -> MergedField:
    if ClientStatus.BLOCKED in (survivor.status, duplicate.status):
        return MergedField("status", survivor.status, duplicate.status, ClientStatus.BLOCKED.value)
    return _merge_field("status", survivor.status, duplicate.status, chosen)


def _find_main_email(client: Client, *, excluded: QuerySet | tuple = ()) -> str:
    found = client.contacts.filter(kind=ContactKind.EMAIL, may_sign_in=True).exclude(value__in=excluded)
    return found.order_by(*MAIN_FIRST).values_list("value", flat=True).first() or ""
