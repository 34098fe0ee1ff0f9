"""The form of a service."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.clients.models import TagColour
from portal.scheduling.forms.durations import DurationField, list_duration_choices
from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.forms.price_rules import parse_deposit, parse_price
from portal.scheduling.models import (
    Acceptance,
    DepositKind,
    LocationKind,
    Resource,
    ResourceKind,
    StaffCalendar,
    Visibility,
)
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField

DAY = 1440
START_INTERVALS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
LINK = re.compile(r"https?://[^\s/]+\.\S+", re.IGNORECASE)
MAX_CAPACITY = 500
TICKS = forms.CheckboxSelectMultiple


class ServiceForm(EditForm):
    """Every field of a service but its questions, which have forms of their own."""

    name = SingleLineField(
        label=gettext_lazy("Name"), max_length=80, error_messages={"required": gettext_lazy("Enter a name.")}
    )
    description = MultiLineField(
        label=gettext_lazy("Description"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    duration = DurationField(
        label=gettext_lazy("Duration"),
        min_minutes=5,
        max_minutes=DAY,
        error_messages={"required": gettext_lazy("Enter how long it takes.")},
    )
    buffer_before = DurationField(label=gettext_lazy("Time to prepare"), max_minutes=DAY, required=False)
    buffer_after = DurationField(label=gettext_lazy("Time to tidy up"), max_minutes=DAY, required=False)
    price = SingleLineField(label=gettext_lazy("Price"), max_length=30, required=False)
    deposit_kind = forms.ChoiceField(label=gettext_lazy("Deposit"), choices=DepositKind.choices)
    deposit = SingleLineField(label=gettext_lazy("Amount or per cent"), max_length=30, required=False)
    location_kind = forms.ChoiceField(label=gettext_lazy("Where"), choices=LocationKind.choices)
    location = SingleLineField(label=gettext_lazy("Place or link"), max_length=300, required=False)
    capacity = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=MAX_CAPACITY)
    calendars = forms.MultipleChoiceField(label=gettext_lazy("Who gives it"), required=False, widget=TICKS)
    rooms = forms.MultipleChoiceField(label=gettext_lazy("Any one of these rooms"), required=False, widget=TICKS)
    equipment = forms.MultipleChoiceField(label=gettext_lazy("All of this equipment"), required=False, widget=TICKS)
    colour = forms.ChoiceField(label=gettext_lazy("Colour in the calendar"), choices=TagColour.choices)
    visibility = forms.ChoiceField(label=gettext_lazy("Who can book"), choices=Visibility.choices)
    acceptance = forms.ChoiceField(label=gettext_lazy("Confirmation"), required=False)
    start_interval = forms.TypedChoiceField(
        label=gettext_lazy("Start times every"), required=False, coerce=int, empty_value=None
    )
    policy_text = MultiLineField(
        label=gettext_lazy("Policy"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, currency: str, linked: set[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.currency = currency
        same = ("", _("As in the booking rules"))
        set_choices(self, "acceptance", [same, *Acceptance.choices])
        intervals = list_duration_choices(START_INTERVALS, self.initial.get("start_interval"))
        set_choices(self, "start_interval", [same, *intervals])
        set_choices(self, "calendars", _list_active(StaffCalendar.objects.all(), linked))
        for name, kind in (("rooms", ResourceKind.ROOM), ("equipment", ResourceKind.EQUIPMENT)):
            set_choices(self, name, _list_active(Resource.objects.filter(kind=kind), linked))

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of Service's own fields; the form must be valid."""
        values = super().values
        needs = ("calendars", "rooms", "equipment", "price", "deposit")
        plain = {name: value for name, value in values.items() if name not in needs}
        return plain | {
            "buffer_before": values["buffer_before"] or 0,
            "buffer_after": values["buffer_after"] or 0,
            "price_amount": values["price"],
            "price_currency": self.currency,
            "deposit_value": values["deposit"],
        }

    @property
    def resource_ids(self) -> list[str]:
        """Return the keys of the rooms and equipment that were ticked; the form must be valid."""
        return [*self.cleaned_data["rooms"], *self.cleaned_data["equipment"]]

    def clean_price(self) -> int | None:
        """Return the price in minor units, or None where none is shown."""
        return parse_price(self.cleaned_data["price"], self.currency)

    def clean(self) -> None:
        """Check what depends on two fields: the deposit, and the link of a video call."""
        values = self.cleaned_data
        is_video = values.get("location_kind") == LocationKind.VIDEO
        if is_video and values.get("location") and not LINK.fullmatch(values["location"]):
            self.add_error("location", _("Enter the whole link, beginning with https://."))
        if "deposit_kind" in values and "deposit" in values and "price" in values:
            try:
                values["deposit"] = parse_deposit(
                    values["deposit"], DepositKind(values["deposit_kind"]), values["price"], self.currency
                )
            except forms.ValidationError as error:
                self.add_error("deposit", error)


def _list_active(rows: Any, linked: set[str]) -> list[tuple[str, str]]:
    """Return the rows that are in use, and those that the service has though they no longer are."""
    found = [(str(row.pk), row) for row in rows]
    return [
        (pk, row.name if row.is_active else _("%(name)s (not in use)") % {"name": row.name})
        for pk, row in found
        if row.is_active or pk in linked
    ]
