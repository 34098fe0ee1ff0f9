"""Match what somebody sent by a public form with the client list.

No card changes by it: what was typed differently becomes a suggestion.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ContactKind, SuggestionKind
from portal.clients.services import suggestions
from portal.clients.services.client_creation import add_client
from portal.clients.services.client_matching import find_repeated_claim, match_client

# The id of the advisory lock in PostgreSQL; any number will do.
ADVISORY_LOCK = 704_511_701


@dataclass(frozen=True)
class Submission:
    """What somebody typed who had not signed in: `source` says into which form, `subject_id` is the row that keeps it.

    `identifiers` are normalised.
    """

    source: str
    subject_id: UUID
    name: str
    identifiers: Sequence[Identifier]
    language: str = ""
    time_zone: str = ""
    custom: dict[str, Any] = field(default_factory=dict)

    @property
    def details(self) -> dict[str, Any]:
        """Return what was typed, as suggestions keep it."""
        typed = {identifier.kind: identifier.value for identifier in self.identifiers}
        return {"name": self.name, "email": typed.get(ContactKind.EMAIL, ""), "phone": typed.get(ContactKind.PHONE, "")}


class SubmissionResult(StrEnum):
    """What came of matching: a client whose address is confirmed, a card of the same form, a new client, or several."""

    KNOWN = "known"
    REPEATED = "repeated"
    NEW = "new"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class SubmissionMatch:
    """The result of matching, and the client if it is one."""

    result: SubmissionResult
    client: Client | None = None


def match_submission(submission: Submission, *, now: datetime) -> SubmissionMatch:
    """Return the client to whom a submission belongs, added if nobody matches. The caller has locked matching.

    Several candidates become a suggestion, by which staff choose.
    """
    match = match_client(submission.identifiers)
    if match.client:
        suggest_submitted_changes(submission, match.client, now=now)
        return SubmissionMatch(SubmissionResult.KNOWN, match.client)
    if match.candidates:
        suggest_candidates(submission, match.candidates, now=now)
        return SubmissionMatch(SubmissionResult.AMBIGUOUS)
    if repeated := find_repeated_claim(submission.identifiers):
        suggest_submitted_changes(submission, repeated, now=now)
        return SubmissionMatch(SubmissionResult.REPEATED, repeated)
    return SubmissionMatch(SubmissionResult.NEW, _add_client(submission, now=now))


def suggest_candidates(submission: Submission, candidates: Sequence[Client], *, now: datetime) -> None:
    """Ask staff to which of these clients a submission belongs."""
    submitted_data = submission.details | {"clients": [str(client.pk) for client in candidates]}
    suggestions.add_suggestion(
        client=None,
        kind=SuggestionKind.AMBIGUOUS,
        value=submission.name,
        submitted_data=submitted_data,
        source=submission.source,
        subject_id=submission.subject_id,
        now=now,
    )


def suggest_submitted_changes(submission: Submission, client: Client, *, now: datetime) -> None:
    """Suggest what was typed and the client's card lacks."""
    changes = suggestions.find_suggested_changes(client, name=submission.name, identifiers=submission.identifiers)
    fields: dict[str, Any] = {"source": submission.source, "subject_id": submission.subject_id}
    suggestions.add_suggestions(client=client, changes=changes, submitted_data=submission.details, **fields, now=now)


def list_submission_candidates(subject_id: UUID) -> list[Client]:
    """Return the clients whom the row of a submission matches, as long as staff have not chosen one."""
    suggestion = suggestions.find_ambiguous_suggestion(subject_id)
    if not suggestion:
        return []
    listed = Client.objects.exclude_unlisted().filter(pk__in=suggestion.submitted_data["clients"])
    return list(listed.order_by("name", "pk"))


def build_identifiers(*, email: str, mobile: str) -> list[Identifier]:
    """Return the addresses that were typed."""
    typed = {ContactKind.EMAIL: email, ContactKind.PHONE: mobile}
    return [Identifier(kind, value) for kind, value in typed.items() if value]


def lock_submission_matching() -> None:
    """Wait until no other transaction matches submissions here, so that two forms of one person add one client."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))", [ADVISORY_LOCK])


def _add_client(submission: Submission, *, now: datetime) -> Client:
    return add_client(
        name=submission.name,
        identifiers=submission.identifiers,
        source=submission.source,
        language=submission.language,
        time_zone=submission.time_zone,
        custom=submission.custom,
        now=now,
    )
