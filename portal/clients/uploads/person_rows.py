"""Which staged rows of an upload are a person's, and which are somebody else's that have an address of theirs.

People share switchboards and mailboxes that only one card has. A row is somebody else's if it has another name and, as
well, an address of its own, or if staff answered that it is another person.
"""

import uuid
from typing import Any

from django.db.models import Q

from portal.clients.services import build_search_text
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.models import RowDecision, RowOutcome, Upload, UploadRow, UploadState
from portal.clients.uploads.row_classification import classify_range
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import PersonIdentity

IMPORTED_STATES = (UploadState.DONE, UploadState.UNDONE)


def find_person_rows(upload: Upload, person: PersonIdentity, matcher: MentionMatcher) -> tuple[set[int], set[int]]:
    """Return the numbers of a person's rows, and of other people's that have an address of theirs."""
    own, shared = sorted(person.addresses), sorted(person.shared_addresses)
    # A row to review has the card in question, which is no answer yet.
    on_card = upload.rows.filter(client_id__in=person.client_ids).exclude(outcome=RowOutcome.REVIEW)
    numbers = set(on_card.values_list("number", flat=True))
    sharing = upload.rows.filter(Q(emails__overlap=shared) | Q(phones__overlap=shared)).values_list("number", "name")
    numbers |= {number for number, name in sharing if matcher.has_name(name)}
    others: set[int] = set()
    for row in upload.rows.filter(Q(emails__overlap=own) | Q(phones__overlap=own)).exclude(number__in=numbers):
        (others if _is_somebody_else(row, person, matcher) else numbers).add(row.number)
    return numbers, others


def remove_addresses(upload: Upload, numbers: set[int], person: PersonIdentity) -> None:
    """Take a person's addresses from other people's rows, with the question whether the row is the person."""
    for row in upload.rows.filter(number__in=numbers):
        row.emails = [value for value in row.emails if value not in person.addresses]
        row.phones = [value for value in row.phones if value not in person.addresses]
        row.search = build_search_text(row.name, row.emails + row.phones)
        own = _remove_from_values(row.own_values, person)
        upload.rows.filter(number=row.number).update(
            emails=row.emails, phones=row.phones, search=row.search, own_values=own
        )
        if row.client_id in person.client_ids:
            upload.rows.filter(number=row.number).update(client_id=None)
        if upload.state not in IMPORTED_STATES:
            _classify_again(upload, row)


def _remove_from_values(own: dict[str, Any] | None, person: PersonIdentity) -> dict[str, Any] | None:
    """Return what a row said itself, without the person's addresses."""
    if own is None:
        return None
    kept = {kind: [value for value in own[kind] if value not in person.addresses] for kind in ("emails", "phones")}
    return own | kept | {"search": build_search_text(own["name"], kept["emails"] + kept["phones"])}


def _is_somebody_else(row: UploadRow, person: PersonIdentity, matcher: MentionMatcher) -> bool:
    if not row.name or matcher.has_name(row.name):
        return False
    # A decision without a reason comes from the comparison of rows: it says nothing about cards.
    is_answered = row.decision == RowDecision.SEPARATE and row.reason
    return bool(is_answered or {*row.emails, *row.phones} - person.addresses - person.shared_addresses)


def _classify_again(upload: Upload, row: UploadRow) -> None:
    """Classify a row of another person by the addresses that are left."""
    if not row.emails and not row.phones:
        row.outcome, row.reason, row.client_id = RowOutcome.ERROR, "no-address", None
    elif row.outcome == RowOutcome.REVIEW:
        row.outcome, row.reason, row.client_id = RowOutcome.NEW, "", uuid.uuid4()
    else:
        return
    row.decision, row.reason_detail = "", ""
    bulk_update_rows(upload, [row], [*CLASSIFIED_FIELDS, "decision"])
    classify_range(upload, row.number, row.number, {})
