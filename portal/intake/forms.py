"""What may a stranger type into the contact form?"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.clients import identifiers
from portal.clients.identifiers import Identifier, InvalidIdentifier
from portal.clients.models import Contact, CustomField
from portal.intake.models import Asked, ContactForm
from portal.intake.questions import PREFIX, answer_of, question_for
from portal.intake.stamps import QUICKEST, Stamp, StampRejected, TooLate, TooQuick, read_stamp
from tenants.models import Business

TOO_QUICK = _("That went too fast for a person. Please look it over and send it once more.")
TOO_OLD = _("This page had been open for too long. Please send it once more.")
NOT_EMPTY = _("This field has to stay empty. Please clear it and send the form once more.")


class EnquiryForm(forms.Form):
    """Who writes, how to reach them, and what they want. `homepage` is a trap: nobody is meant to see it."""

    name = forms.CharField(label=_("Your name"), max_length=160, error_messages={"required": _("Enter your name.")})
    email = forms.CharField(
        label=_("Email address"), max_length=254, error_messages={"required": _("Enter your email address.")}
    )
    mobile = forms.CharField(
        label=_("Mobile number"), max_length=40, error_messages={"required": _("Enter your mobile number.")}
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write what this is about."),
            "max_length": _("This is too long: 4,000 letters at most."),
        },
    )
    homepage = forms.CharField(label=_("Leave this field empty"), required=False, max_length=400)
    stamp = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        asks: ContactForm,
        fields: Iterable[CustomField],
        business: Business,
        now: datetime,
        **more: Any,
    ):
        super().__init__(*args, **more)
        self.business, self.now, self.ticket = business, now, uuid.uuid4()
        self.new_stamp_from: datetime | None = now
        self.own = {f"{PREFIX}{field.pk}": field for field in fields if str(field.pk) in asks.custom}
        for name in ("email", "mobile", "message"):
            self._ask(name, getattr(asks, name))
        for name, field in self.own.items():
            self.fields[name] = question_for(field, required=asks.custom[str(field.pk)] == Asked.REQUIRED)

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return what a person sees and fills in, in order; the message comes last."""
        shown = [name for name in ("name", "email", "mobile", *self.own, "message") if name in self.fields]
        return [self[name] for name in shown]

    @property
    def identifiers(self) -> list[Identifier]:
        """Return the addresses that were typed, in their normal form; the form must be valid."""
        typed = {
            Contact.Kind.EMAIL: self.cleaned_data.get("email"),
            Contact.Kind.PHONE: self.cleaned_data.get("mobile"),
        }
        return [Identifier(kind, value) for kind, value in typed.items() if value]

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers to the business's own fields, by their keys, as cards keep them."""
        given = {field: self.cleaned_data.get(name) for name, field in self.own.items()}
        return {str(field.pk): answer_of(field, value) for field, value in given.items() if value not in (None, "")}

    def clean_email(self) -> str:
        return _address(self.cleaned_data["email"], identifiers.parse_email)

    def clean_mobile(self) -> str:
        country = self.business.country
        return _address(self.cleaned_data["mobile"], lambda typed: identifiers.parse_phone(typed, country=country))

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(NOT_EMPTY)
        return ""

    def clean_stamp(self) -> Stamp | None:
        """Judge how long the form was open. A form whose stamp was fine keeps it when something else is wrong."""
        try:
            stamp = read_stamp(self.cleaned_data["stamp"], self.business, now=self.now)
        except StampRejected as rejection:
            self.add_error(None, TOO_QUICK if isinstance(rejection, TooQuick) else TOO_OLD)
            # Whoever is told to send it once more, because they took long, does so at once.
            self.new_stamp_from = self.now - QUICKEST if isinstance(rejection, TooLate) else self.now
            return None
        self.ticket, self.new_stamp_from = stamp.ticket, None
        return stamp

    def clean(self) -> None:
        """Make sure there is a way to answer."""
        asked = [name for name in ("email", "mobile") if name in self.fields]
        if not any(self.cleaned_data.get(name) or name in self.errors for name in asked):
            self.add_error(asked[0], _("Enter an address, so that we can answer you."))

    def _ask(self, name: str, asked: str) -> None:
        if asked == Asked.NO:
            del self.fields[name]
        else:
            self.fields[name].required = asked == Asked.REQUIRED


def _address(typed: str, read: Any) -> str:
    try:
        return read(typed).value if typed else ""
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from error
