"""The forms of a service's questions: those it has, and some empty ones."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.models import QuestionKind, ServiceQuestion
from portal.scheduling.services import QuestionData
from portal.ui.form_fields import MultiLineField, SingleLineField

EMPTY_FORMS, MAX_QUESTIONS = 2, 20
MAX_CHOICES, MAX_CHOICE_LENGTH = 30, 80


class QuestionForm(forms.Form):
    """One question; without a text there is none."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    label = SingleLineField(label=gettext_lazy("Question"), max_length=160, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Answered with"), choices=QuestionKind.choices, required=False)
    choices = MultiLineField(
        label=gettext_lazy("Answers to choose from, one per line"),
        max_length=MAX_CHOICES * (MAX_CHOICE_LENGTH + 1),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def clean_choices(self) -> list[str]:
        """Return the answers without empty lines and repetitions."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        choices = list(dict.fromkeys(line for line in lines if line))
        if len(choices) > MAX_CHOICES or any(len(choice) > MAX_CHOICE_LENGTH for choice in choices):
            limits = {"number": MAX_CHOICES, "length": MAX_CHOICE_LENGTH}
            raise forms.ValidationError(
                _("Enter up to %(number)d answers of up to %(length)d characters each.") % limits
            )
        return choices

    def clean(self) -> None:
        """Require at least two answers to choose from."""
        values = self.cleaned_data
        is_choice = values.get("label") and values.get("kind") == QuestionKind.CHOICE
        if is_choice and "choices" in values and len(values["choices"]) < 2:
            self.add_error("choices", _("Enter at least two answers."))

    def build_question(self) -> QuestionData | None:
        """Return what was typed, or None for a question without a text; the form must be valid."""
        values = self.cleaned_data
        if not values["label"]:
            return None
        kind = QuestionKind(values["kind"] or QuestionKind.SHORT_TEXT)
        choices = values["choices"] if kind == QuestionKind.CHOICE else []
        return QuestionData(values["label"], kind, choices, values["is_required"], values["id"])


QuestionFormSet: Any = forms.formset_factory(
    QuestionForm,
    extra=EMPTY_FORMS,
    max_num=MAX_QUESTIONS,
    absolute_max=MAX_QUESTIONS + EMPTY_FORMS,
    validate_max=True,
)


def build_question_forms(data: Any, questions: Sequence[ServiceQuestion]) -> Any:
    """Return the forms of these questions and some empty ones, filled with what was posted if anything was."""
    return QuestionFormSet(data, prefix="questions", initial=[read_question(question) for question in questions])


def read_question(question: ServiceQuestion) -> dict[str, Any]:
    """Return a question's values as its form shows them."""
    return {
        "id": question.pk,
        "label": question.label,
        "kind": question.kind,
        "choices": "\n".join(question.choices),
        "is_required": question.is_required,
    }


def collect_questions(question_forms: Any, own_ids: set[UUID]) -> list[QuestionData]:
    """Return the questions that were typed, in order; the forms must be valid. A key of others' counts as none."""
    free, result = set(own_ids), []
    for question in (form.build_question() for form in question_forms if form.cleaned_data):
        if question:
            result.append(question if question.id in free else _without_key(question))
            free.discard(question.id or UUID(int=0))
    return result


def _without_key(question: QuestionData) -> QuestionData:
    return QuestionData(question.label, question.kind, question.choices, question.is_required)
