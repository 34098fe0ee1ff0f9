"""The answers to a service's questions as programs send them, and as an appointment keeps them."""

from collections.abc import Mapping
from typing import Any

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from portal.scheduling.models import QuestionKind, Service, ServiceQuestion
from tenants.text_cleaning import clean_line

MAX_LENGTHS = {QuestionKind.SHORT_TEXT: 200, QuestionKind.LONG_TEXT: 2000, QuestionKind.CHOICE: 200}


def read_answers(service: Service, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each question that has an answer with it. Raises ApiProblem, which names every wrong answer."""
    questions = {str(question.pk): question for question in service.questions.all()}
    errors = [
        FieldError(f"answers.{name}", "unknown_field", "There is no such question.")
        for name in given
        if name not in questions
    ]
    pairs = []
    for key, question in questions.items():
        answer = _read_answer(question, given.get(key))
        if isinstance(answer, FieldError):
            errors.append(answer)
        elif answer:
            pairs.append((question.label, answer))
    if errors:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)
    return pairs


def _read_answer(question: ServiceQuestion, answer: Any) -> str | FieldError:
    """Return an answer as text, empty for none, or what is wrong with it."""
    path = f"answers.{question.pk}"
    if answer is None or answer == "" or answer is False:
        return FieldError(path, "required", "Please answer this question.") if question.is_required else ""
    if question.kind == QuestionKind.TICK:
        return "✓" if answer is True else FieldError(path, "invalid", "Send true or false.")
    if not isinstance(answer, str) or "\0" in answer:
        return FieldError(path, "invalid", "Send a text.")
    if len(answer) > MAX_LENGTHS[QuestionKind(question.kind)]:
        return FieldError(path, "max_length", "This answer is too long.")
    if question.kind == QuestionKind.CHOICE and answer not in question.choices:
        return FieldError(path, "invalid_choice", "Choose one of the answers.")
    return answer if question.kind == QuestionKind.LONG_TEXT else clean_line(answer)
