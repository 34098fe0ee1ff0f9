"""Answers to the questions of a bulk upsert: the rows are sent again, with who they are, as a bulk upsert of their own.

The first one is left as it is: what it has changed can be undone by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.clients.models import CustomField
from portal.clients.uploads.bulk_questions import EarlierQuestion, find_earlier_questions, restore_questions
from portal.clients.uploads.bulk_upserts import FIRST_ROW, start_bulk_upsert
from portal.clients.uploads.models import QUESTION_OUTCOMES, RowDecision, RowOutcome, Upload, UploadRow, UploadState
from portal.clients.uploads.row_classification import classify_rows
from portal.clients.uploads.row_reviews import ClientNotInQuestion, NewClientNameless, RowAnswer, answer_rows
from portal.clients.uploads.row_staging import stage_rows
from portal.clients.uploads.upload_locking import enable_synchronous_commit, start_upload_step
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor

MAX_ANSWERS = 1000


class QuestionsClosed(Exception):
    """The bulk upsert is not finished, or it was undone."""


@dataclass
class InvalidAnswers(Exception):
    """Answers that can't be given, by their places.

    The row is no question, the client list says otherwise by now, the client has none of its addresses, or it has no
    name and can't be a client of its own.
    """

    no_question: Sequence[int] = ()
    outdated: Sequence[int] = ()
    wrong_client: Sequence[int] = ()
    nameless: Sequence[int] = ()


@transaction.atomic
def answer_bulk_upsert(
    *, upload: Upload, answers: Mapping[int, RowAnswer], name: str, staff: StaffActor, now: datetime
) -> Upload:
    """Start a bulk upsert of the rows with these numbers, which were questions, and return it; its rows are as ordered.

    Raises QuestionsClosed, InvalidAnswers, TooManyBulkUpserts.
    """
    # An erasure waits until the rows are stored again, so that it finds them there.
    upload = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if upload.state != UploadState.DONE:
        raise QuestionsClosed
    found = {row.number: row for row in upload.rows.filter(number__in=answers, outcome__in=QUESTION_OUTCOMES)}
    if missing := [place for place, number in enumerate(answers) if number not in found]:
        raise InvalidAnswers(no_question=missing)
    asked = [found[number] for number in answers]
    rows = _read_rows(asked)
    started = start_bulk_upsert(rows=rows, on_match=upload.on_match, name=name, staff=staff, now=now)
    _check_rows(started, now=now)
    questions = find_earlier_questions(upload, asked, [answer.decision for answer in answers.values()])
    _apply_answers(started, list(answers.values()), questions)
    start_upload_step(started, UploadState.RUNNING, total=len(rows))
    started.save()
    return started


def _read_rows(rows: Sequence[UploadRow]) -> list[dict[str, Any]]:
    """Return rows as a program sends them, with what their duplicates added, without the values of deleted fields."""
    custom_keys = {str(key) for key in CustomField.objects.values_list("pk", flat=True)}
    return [_read_row(row, custom_keys) for row in rows]


def _read_row(row: UploadRow, custom_keys: set[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("name", "emails", "phones", "language", "tags", "note")}
    return values | {"custom": {key: value for key, value in row.custom.items() if key in custom_keys}}


def _check_rows(upload: Upload, *, now: datetime) -> None:
    """Check the rows as a worker does."""
    business = get_current_business()
    for _chunk in stage_rows(upload, country=business.country if business else "", clock=lambda: now):
        pass
    # A program is told that its answers were taken, which a loss of power must not undo.
    enable_synchronous_commit()
    classify_rows(upload)
    upload.state = UploadState.CHECKED
    upload.save()


def _apply_answers(upload: Upload, answers: Sequence[RowAnswer], questions: Mapping[int, EarlierQuestion]) -> None:
    """Save the answer for each row; `questions` are those about earlier rows, by their places.

    Raises InvalidAnswers if the client list has changed since the question, or if an answer doesn't fit it.
    """
    restored = {place + FIRST_ROW: question for place, question in questions.items()}
    if decided := restore_questions(upload, restored):
        raise InvalidAnswers(outdated=[number - FIRST_ROW for number in decided])
    rows = {row.number - FIRST_ROW: row for row in upload.rows.all()}
    open_answers = {place: answers[place] for place, row in rows.items() if row.outcome in QUESTION_OUTCOMES}
    answered_by_list = [place for place in range(len(answers)) if place not in open_answers]
    if outdated := [place for place in answered_by_list if not _agrees(rows[place], answers[place])]:
        raise InvalidAnswers(outdated=outdated)
    try:
        answer_rows(upload=upload, answers={place + FIRST_ROW: answer for place, answer in open_answers.items()})
    except ClientNotInQuestion as error:
        raise InvalidAnswers(wrong_client=[error.number - FIRST_ROW]) from error
    except NewClientNameless as error:
        raise InvalidAnswers(nameless=[error.number - FIRST_ROW]) from error
    upload.refresh_from_db()


def _agrees(row: UploadRow, answer: RowAnswer) -> bool:
    """Return whether a row that is no question any more is what the answer says."""
    if answer.decision == RowDecision.SEPARATE:
        return row.outcome == RowOutcome.NEW
    is_same = row.outcome in (RowOutcome.KNOWN, RowOutcome.DUPLICATE)
    return is_same and answer.client_id in (None, row.client_id)
