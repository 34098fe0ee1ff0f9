"""The operation of the business API that answers the questions of a bulk upsert."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.bulk_upserts.serializers import BulkAnswersSerializer, BulkUpsertStatusSerializer
from api.bulk_upserts.views import build_started_response, get_bulk_upsert, translate_size_errors
from api.business.views import BusinessApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError, build_field_problem
from api.protocol.serializers import validate
from portal.clients.uploads.bulk_answers import InvalidAnswers, QuestionsClosed, answer_bulk_upsert
from portal.clients.uploads.bulk_upserts import FIRST_ROW
from portal.clients.uploads.models import RowDecision
from portal.clients.uploads.row_reviews import RowAnswer

CLOSED = "This bulk upsert is not finished, or it was undone. Read it again."


class BulkAnswerListView(BusinessApiView):
    """Answers to the questions of a bulk upsert."""

    permissions = {"POST": "uploads.run"}

    @extend_schema(
        operation_id="answer_bulk_upsert", request=BulkAnswersSerializer, responses={202: BulkUpsertStatusSerializer}
    )
    def post(self, request: Any, upload_id: UUID) -> Response:
        """Say who up to 1,000 rows are that were questions.

        They are processed as a bulk upsert of their own, with these answers: read its status from the address in
        `Location`, then the result of each row, whose `row` is its place in `answers`. The results of the first one
        stay as they are.

        If several clients are in question, `client_id` says which of them the row is, whether it is among the first in
        `candidates` or not. That is always so for a question whose code is `several_cards`. A row that gets no answer
        changes nothing, and a row without a name can’t be `separate`, as a new client needs a name.

        If one answer can’t be taken, none is, and `errors` says which.
        """
        upload = get_bulk_upsert(upload_id)
        answers = _read_answers(validate(BulkAnswersSerializer, request.data)["answers"])
        try:
            with translate_size_errors():
                started = answer_bulk_upsert(
                    upload=upload, answers=answers, name=self.key.name, staff=self.staff, now=self.now
                )
        except QuestionsClosed as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=CLOSED) from error
        except InvalidAnswers as error:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[*_explain_answers(error, [*answers])]) from error
        return build_started_response(started)


def _read_answers(values: Sequence[Mapping[str, Any]]) -> dict[int, RowAnswer]:
    """Return the answers by the number of their row, in their order. Raises ApiProblem if a row has two."""
    answers: dict[int, RowAnswer] = {}
    for place, value in enumerate(values):
        number = value["row"] + FIRST_ROW
        if number in answers:
            raise build_field_problem(f"answers[{place}].row", "repeated", "This row has an answer already.")
        answers[number] = RowAnswer(RowDecision(value["decision"]), value.get("client_id"))
    return answers


def _explain_answers(error: InvalidAnswers, numbers: Sequence[int]) -> Iterator[FieldError]:
    for place in error.no_question:
        row = numbers[place] - FIRST_ROW
        text = f"Row {row} takes no answer. If it is wrong, correct it and send it again as a bulk upsert."
        yield FieldError(f"answers[{place}].row", "no_question", text)
    for place in error.outdated:
        text = "The client list has changed since. Send the row again as a bulk upsert."
        yield FieldError(f"answers[{place}].row", "outdated", text)
    for place in error.wrong_client:
        text = "Name one of the clients who have an address of the row."
        yield FieldError(f"answers[{place}].client_id", "not_a_candidate", text)
    for place in error.nameless:
        text = "This row has no name, so it can’t be a client of its own. Say whose row it is."
        yield FieldError(f"answers[{place}].decision", "no_name", text)
