"""The questions of the contact form as programs read them, and their answers as the form takes them."""

from collections.abc import Mapping
from typing import Any

from django import forms

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from portal.intake.forms import EnquiryForm

KIND_BY_NAME = {"name": "text", "email": "email", "mobile": "phone", "message": "long-text"}
TYPED_ANSWERS = {True: "yes", False: "no", None: ""}


def list_questions(form: EnquiryForm) -> list[dict[str, Any]]:
    """Return the questions that people see, in order."""
    return [_present_question(form, bound) for bound in form.ordered_fields]


def build_form_data(form: EnquiryForm, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return answers as a browser would send them. Raises ApiProblem for an answer to no question."""
    names = {bound.name for bound in form.ordered_fields}
    unknown = [FieldError(f"answers.{name}", "unknown_field", "There is no such question.") for name in answers]
    if unknown := [error for error in unknown if error.field.removeprefix("answers.") not in names]:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=unknown)
    return {name: _type_answer(answer) for name, answer in answers.items()}


def _present_question(form: EnquiryForm, bound: forms.BoundField) -> dict[str, Any]:
    custom = form.custom_fields.get(bound.name)
    return {
        "name": bound.name,
        "label": str(bound.label),
        "kind": custom.kind if custom else KIND_BY_NAME[bound.name],
        "required": bound.field.required,
        "choices": custom.choices if custom else [],
    }


def _type_answer(answer: Any) -> str:
    if answer is None or isinstance(answer, bool):
        return TYPED_ANSWERS[answer]
    return str(answer)
