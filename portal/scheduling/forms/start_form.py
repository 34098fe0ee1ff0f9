"""The first form of a new business: what it offers, and who gives it. When is asked by the editor of weekly hours."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.forms.durations import DurationField
from portal.scheduling.forms.price_rules import parse_price
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField
from tenants.models import Membership

DAY, DEFAULT_DURATION = 1440, 60
OTHER_PERSON = "other"


class StartForm(forms.Form):
    """A service's name, duration and price, and the member of the team, or the name, of who gives it."""

    service = SingleLineField(
        label=gettext_lazy("What do you offer?"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter what you offer.")},
    )
    duration = DurationField(
        label=gettext_lazy("How long does it take?"),
        min_minutes=5,
        max_minutes=DAY,
        error_messages={"required": gettext_lazy("Enter how long it takes.")},
    )
    price = SingleLineField(label=gettext_lazy("What does it cost?"), max_length=30, required=False)
    person = forms.ChoiceField(label=gettext_lazy("Who gives it?"))
    name = SingleLineField(label=gettext_lazy("Their name"), max_length=80, required=False)

    def __init__(self, data: Any = None, *, members: Sequence[Membership], person_id: UUID, currency: str):
        super().__init__(data, initial={"duration": DEFAULT_DURATION, "person": str(person_id)})
        self.currency = currency
        self.names = {str(member.person_id): member.person.name or member.person.email for member in members}
        people = [
            (pk, _("%(name)s (you)") % {"name": name} if pk == str(person_id) else name)
            for pk, name in self.names.items()
        ]
        set_choices(self, "person", [*people, (OTHER_PERSON, _("Somebody else"))])

    @property
    def service_values(self) -> dict[str, Any]:
        """Return the values of the service's fields; the form must be valid."""
        typed = self.cleaned_data
        return {
            "name": typed["service"],
            "duration": typed["duration"],
            "price_amount": typed["price"],
            "price_currency": self.currency,
        }

    @property
    def calendar_values(self) -> dict[str, Any]:
        """Return the name and member of the calendar; the form must be valid."""
        typed = self.cleaned_data
        if typed["person"] == OTHER_PERSON:
            return {"name": typed["name"], "person_id": None}
        return {"name": self.names[typed["person"]][:80], "person_id": UUID(typed["person"])}

    def clean_price(self) -> int | None:
        """Return the price in minor units, or None where none is shown."""
        return parse_price(self.cleaned_data["price"], self.currency)

    def clean(self) -> None:
        """Require a name of somebody who is not on the team."""
        is_other = self.cleaned_data.get("person") == OTHER_PERSON
        if is_other and not self.cleaned_data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter their name."))
