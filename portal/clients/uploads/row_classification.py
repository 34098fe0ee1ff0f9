"""Classification of upload rows against the client list and against earlier rows.

It decides as `services.match_client` does for one person, but for thousands of rows in a few statements: an exact
email address decides, else an exact phone number. A list has names of its own, so a card with another name is put up
for review, and among several cards with the address the one with the same name is chosen.
"""

import uuid
from collections.abc import Iterator

from django.db.models import Count, Max, Min, Q

from portal.clients.services.name_comparison import are_same_name
from portal.clients.uploads.address_matches import CardMatches, find_matches
from portal.clients.uploads.bulk_row_updates import CLASSIFIED_FIELDS, bulk_update_rows
from portal.clients.uploads.duplicate_rows import classify_shared_addresses
from portal.clients.uploads.imported_changes import (
    CardSnapshot,
    compute_imported_change,
    load_card_snapshots,
    preview_change,
)
from portal.clients.uploads.models import RowDecision, RowOutcome, Upload, UploadRow
from portal.clients.uploads.row_candidates import ABOUT_CLIENTS

OnMatch = Upload.OnMatch
Cards = dict[uuid.UUID, CardSnapshot]
# The number, the name and the email addresses of the first row that matched each card.
FirstMatches = dict[uuid.UUID, tuple[int, str, list[str]]]
CHUNK_ROWS = 5_000


def classify_rows(upload: Upload) -> None:
    """Classify every staged row, and set the upload's counts."""
    first_matches: FirstMatches = {}
    for first, last in iter_row_ranges(upload):
        classify_range(upload, first, last, first_matches)
    _reject_nameless_rows(upload, 0, upload.cursor)
    classify_shared_addresses(upload)
    upload.counts = count_rows_by_outcome(upload)


def iter_row_ranges(upload: Upload) -> Iterator[tuple[int, int]]:
    """Yield ranges of row numbers, each with CHUNK_ROWS rows at most."""
    ends = upload.rows.aggregate(first=Min("number"), last=Max("number"))
    if ends["first"] is not None:
        for first in range(ends["first"], ends["last"] + 1, CHUNK_ROWS):
            yield first, min(first + CHUNK_ROWS - 1, ends["last"])


def count_rows_by_outcome(upload: Upload) -> dict[str, int]:
    """Return how many rows have each outcome, and how many known rows an import would change."""
    outcomes = upload.rows.order_by().values_list("outcome").annotate(rows=Count("*"))
    flags = {
        field: Count("number", filter=Q(outcome=RowOutcome.KNOWN, **{field: True}))
        for field in ("would_fill", "would_overwrite")
    }
    flags |= {
        "notices_fill": Count("number", filter=Q(outcome=RowOutcome.KNOWN, adds_address=OnMatch.FILL)),
        "notices_overwrite": Count("number", filter=Q(outcome=RowOutcome.KNOWN) & ~Q(adds_address="")),
    }
    return {**{outcome.value: 0 for outcome in RowOutcome}, **dict(outcomes), **upload.rows.aggregate(**flags)}


def classify_range(upload: Upload, first: int, last: int, first_matches: FirstMatches | None = None) -> set[str]:
    """Classify the new and known rows of a range by the client list as it is now; return their unconfirmed addresses.

    `first_matches` is added to. Without it, rows are classified for the second time, and what they have to do with
    one another is known already.
    """
    matches = find_matches(upload, first, last)
    hits = matches.cards_by_row
    chunk = upload.rows.filter(number__range=(first, last))
    unmatched = list(chunk.filter(outcome=RowOutcome.KNOWN).exclude(number__in=hits))
    matched = list(chunk.filter(number__in=hits))
    cards = load_card_snapshots({key for row_matches in hits.values() for keys in row_matches for key in keys})
    previous_values = [[getattr(row, field) for field in CLASSIFIED_FIELDS] for row in matched]
    for row in matched:
        _classify_row(row, hits[row.number], cards, first_matches)
    # The second classification changes hardly any row.
    changed = [
        row
        for row, previous in zip(matched, previous_values, strict=True)
        if [getattr(row, field) for field in CLASSIFIED_FIELDS] != previous
    ]
    for row in unmatched:
        row.outcome, row.client_id = RowOutcome.NEW, uuid.uuid4()
    bulk_update_rows(upload, [*changed, *unmatched], [*CLASSIFIED_FIELDS, "decision"])
    if first_matches is None:
        _reject_nameless_rows(upload, first, last)
    return matches.unconfirmed_values


def _classify_row(row: UploadRow, matches: CardMatches, cards: Cards, first_matches: FirstMatches | None) -> None:
    row.would_fill = row.would_overwrite = False
    row.adds_address = ""
    if row.decision == RowDecision.SEPARATE and row.reason == "same-name":
        # Staff know that it is another person than the card that has this name and number.
        return
    row.outcome, row.reason, client_id = _choose_card(row, matches, cards)
    row.reason_detail = ""
    if row.outcome == RowOutcome.NEW:
        return
    row.client_id = client_id
    if row.outcome == RowOutcome.KNOWN and client_id and first_matches is not None:
        _compare_with_first_match(row, client_id, first_matches, is_certain=client_id in matches.by_email)
    if row.client_id:
        preview_change(row, cards[row.client_id])


def _choose_card(row: UploadRow, matches: CardMatches, cards: Cards) -> tuple[RowOutcome, str, uuid.UUID | None]:
    """Return the outcome of a row that matches cards by its addresses, the reason, and its card or the one in question.

    Whoever has an address on a card can sign in as that client, so a card gets none of another name's card unless
    staff say so.
    """
    # The key of a new client is in no match: whoever has a decision and a card was found to have that card.
    if row.decision and row.client_id in (*matches.by_email, *matches.by_phone):
        return RowOutcome.KNOWN, "", row.client_id
    if row.decision == RowDecision.SAME and row.reason in ABOUT_CLIENTS:
        return _ask_again(row, matches)
    if row.decision == RowDecision.SEPARATE and row.reason == "several-cards":
        # Staff know that it is none of the clients of its name, even if two of them were merged since.
        return RowOutcome.NEW, "", None
    outcome, reason, client_id = _choose_by_name(row, matches, cards)
    if client_id is None or not _adds_address_of_another_name(row, cards[client_id], matches, cards):
        return outcome, reason, client_id
    if row.decision == RowDecision.SEPARATE:
        return RowOutcome.NEW, "", None
    return (RowOutcome.REVIEW, "other-name", None) if row.name else (RowOutcome.CONFLICT, "several-cards", None)


def _ask_again(row: UploadRow, matches: CardMatches) -> tuple[RowOutcome, str, uuid.UUID | None]:
    """Make a row a question again whose client, as staff said, has none of its addresses any more.

    Whom staff did not choose is not the client, even if nobody else is left who has the addresses and the name.
    """
    row.decision = ""
    if row.reason == "several-cards":
        return RowOutcome.CONFLICT, row.reason, None
    return RowOutcome.REVIEW, row.reason, _get_only_card(matches)


def _choose_by_name(row: UploadRow, matches: CardMatches, cards: Cards) -> tuple[RowOutcome, str, uuid.UUID | None]:
    """Choose among the cards with the row's addresses by the name.

    Another name is a question for staff, unless they have answered it.
    """
    deciding = matches.deciding
    same = _list_same_name(row, matches.by_email, cards) or _list_same_name(row, matches.by_phone, cards)
    if len(same) == 1:
        return RowOutcome.KNOWN, "", same[0]
    if row.decision == RowDecision.SEPARATE:
        return RowOutcome.NEW, "", None
    if len(deciding) == 1 and (not row.name or cards[deciding[0]].is_nameless):
        return RowOutcome.KNOWN, "", deciding[0]
    if same or not row.name:
        return RowOutcome.CONFLICT, "several-cards", None
    return RowOutcome.REVIEW, "other-name", _get_only_card(matches)


def _get_only_card(matches: CardMatches) -> uuid.UUID | None:
    return matches.deciding[0] if len(matches.deciding) == 1 else None


def _adds_address_of_another_name(row: UploadRow, card: CardSnapshot, matches: CardMatches, cards: Cards) -> bool:
    """Return whether an import might add to a card what is confirmed on a card of another name."""
    added = set(compute_imported_change(card, row, OnMatch.OVERWRITE).addresses)
    name = row.name or card.client.name
    return bool(added) and any(
        added & cards[key].confirmed and not are_same_name(name, cards[key].client.name)
        for key in {*matches.by_email, *matches.by_phone}
    )


def _list_same_name(row: UploadRow, keys: list[uuid.UUID], cards: Cards) -> list[uuid.UUID]:
    return [key for key in keys if are_same_name(row.name, cards[key].client.name)]


def _compare_with_first_match(
    row: UploadRow, client_id: uuid.UUID, first_matches: FirstMatches, *, is_certain: bool
) -> None:
    """Join a row with an earlier one of the same card: it is the same client in both, or perhaps somebody else.

    One name and one number are no proof where each row has a mailbox of its own that isn't on the card.
    """
    number, name, emails = first_matches.setdefault(client_id, (row.number, row.name, row.emails))
    if number == row.number:
        return
    row.outcome, row.reason, row.client_id, row.reason_detail = RowOutcome.REVIEW, "same-address", None, str(number)
    if row.name and name and not are_same_name(row.name, name):
        return
    is_certain = is_certain or not row.emails or not emails or bool({*row.emails} & {*emails})
    row.outcome, row.reason = (RowOutcome.DUPLICATE, "same-card") if is_certain else (RowOutcome.REVIEW, "same-name")


def _reject_nameless_rows(upload: Upload, first: int, last: int) -> None:
    """Mark new rows without a name as errors: a new card needs one."""
    nameless = upload.rows.filter(outcome=RowOutcome.NEW, name="", number__range=(first, last))
    nameless.update(outcome=RowOutcome.ERROR, reason="no-name")
