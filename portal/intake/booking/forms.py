"""The form that books a time which is held: who books, the service's questions, and its policy."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.intake.contact_fields import TOO_FAST_ERROR, ContactFieldsForm
from portal.intake.form_tokens import MIN_FILL_TIME
from portal.scheduling.models import QuestionKind, Service, ServiceQuestion
from portal.scheduling.services import BookingDetails
from portal.ui.form_fields import MultiLineField, SingleLineField
from tenants.models import Business

# What the names of the questions' inputs begin with.
QUESTION_PREFIX = "question-"
CONTACT_FIELDS = ("name", "email", "mobile", "leave_empty")


class PolicyTickBox(forms.CheckboxInput):
    """A tick box for one text only: what was ticked beside another text counts as not ticked."""

    def __init__(self, policy_text: str):
        self.digest = sha256(policy_text.encode()).hexdigest()[:16]
        super().__init__(attrs={"value": self.digest})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Return whether this text was accepted."""
        return data.get(name) == self.digest


class BookingForm(ContactFieldsForm):
    """Who books, unless a client has signed in; what the service asks; and a note."""

    note = MultiLineField(
        label=_("Anything we should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("This is too long. The limit is %(limit_value)d characters.")},
    )

    def __init__(
        self,
        *args: Any,
        service: Service,
        questions: list[ServiceQuestion],
        business: Business,
        is_client: bool,
        issued_at: datetime,
        now: datetime,
        **kwargs: Any,
    ):
        super().__init__(*args, business=business, **kwargs)
        self.service, self.is_client = service, is_client
        self.is_too_fast = not is_client and now - issued_at < MIN_FILL_TIME
        self.questions = {f"{QUESTION_PREFIX}{question.pk}": question for question in questions}
        self.fields["mobile"].required = False
        for name in CONTACT_FIELDS if is_client else ():
            del self.fields[name]
        for name, question in self.questions.items():
            self.fields[name] = _build_question_field(question)
        if service.policy_text:
            self.fields["accepts_policy"] = self._build_policy_field(service.policy_text)

    @property
    def contact_fields(self) -> list[forms.BoundField]:
        """Return the fields for people who have not signed in."""
        return [self[name] for name in ("name", "email", "mobile") if name in self.fields]

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """Return the fields of the service's questions, and the note."""
        return [self[name] for name in (*self.questions, "note")]

    def clean(self) -> None:
        """Refuse a form that was filled in faster than a person types."""
        if self.is_too_fast:
            self.add_error(None, TOO_FAST_ERROR)

    def build_details(self, *, language: str) -> BookingDetails:
        """Return what was filled in; the form must be valid."""
        typed = self.cleaned_data
        return BookingDetails(
            name=typed.get("name", ""),
            email=typed.get("email", ""),
            mobile=typed.get("mobile", ""),
            note=typed["note"],
            answers=self._list_answers(),
            accepted_policy=self.service.policy_text,
            language=language,
        )

    def _build_policy_field(self, policy_text: str) -> forms.BooleanField:
        """Return a tick box whose value names the text beside it, so that nobody accepts one that changed meanwhile."""
        tick_box = PolicyTickBox(policy_text)
        was_other = self.data.get("accepts_policy", tick_box.digest) != tick_box.digest
        text = _("This has changed since you opened the page. Please read and accept it to book.")
        required = {"required": text if was_other else _("Please accept this to book.")}
        return forms.BooleanField(label=_("I accept this."), widget=tick_box, error_messages=required)

    def _list_answers(self) -> list[tuple[str, str]]:
        texts = {True: gettext("Yes"), False: gettext("No")}
        answers = [(question, self.cleaned_data[name]) for name, question in self.questions.items()]
        return [
            (question.label, texts[value] if isinstance(value, bool) else value)
            for question, value in answers
            if value != ""
        ]


def _build_question_field(question: ServiceQuestion) -> forms.Field:
    required = {"required": _("Please answer this question.")}
    common: dict[str, Any] = {"label": question.label, "required": question.is_required, "error_messages": required}
    if question.kind == QuestionKind.TICK:
        return forms.BooleanField(**common)
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((one, one) for one in question.choices)], **common)
    if question.kind == QuestionKind.LONG_TEXT:
        return MultiLineField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **common)
    return SingleLineField(max_length=300, **common)
