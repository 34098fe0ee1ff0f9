"""The form of a package of sessions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.forms.price_rules import parse_price
from portal.scheduling.models import MAX_SESSIONS, MAX_VALIDITY_DAYS, Service
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField


class PackageForm(EditForm):
    """What a package is called and costs, how many sessions of what it holds, and how long it is valid."""

    name = SingleLineField(
        label=gettext_lazy("Name"), max_length=80, error_messages={"required": gettext_lazy("Enter a name.")}
    )
    sessions = forms.IntegerField(label=gettext_lazy("Number of sessions"), min_value=1, max_value=MAX_SESSIONS)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services it covers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one service.")},
    )
    price = SingleLineField(label=gettext_lazy("Price"), max_length=30, required=False)
    validity_days = forms.IntegerField(
        label=gettext_lazy("Valid for days"), min_value=1, max_value=MAX_VALIDITY_DAYS, required=False
    )

    def __init__(self, *args: Any, currency: str, services: Sequence[Service], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.currency = currency
        set_choices(self, "services", [(str(service.pk), _describe(service)) for service in services])

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of SessionPackage's own fields, and the keys of the services; the form must be valid."""
        values = super().values
        price, service_ids = values.pop("price"), values.pop("services")
        return values | {"price_amount": price, "price_currency": self.currency, "service_ids": service_ids}

    def clean_price(self) -> int | None:
        """Return the price in minor units, or None where none is shown."""
        return parse_price(self.cleaned_data["price"], self.currency)


def _describe(service: Service) -> str:
    return _("%(name)s (archived)") % {"name": service.name} if service.archived_at else service.name
