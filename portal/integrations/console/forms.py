"""Forms about webhooks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.integrations.webhooks.descriptions import explain_invalid_url
from portal.integrations.webhooks.models import MAX_URL_LENGTH, WebhookEndpoint
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField
from tenants.nouns import registry
from tenants.webhooks.destinations import InvalidDestination, parse_destination

# What can be replayed from the page: name, label, how long ago.
REPLAY_PERIODS = {
    "hour": (_("the last hour"), timedelta(hours=1)),
    "day": (_("the last 24 hours"), timedelta(days=1)),
    "week": (_("the last 7 days"), timedelta(days=7)),
    "month": (_("the last 30 days"), timedelta(days=30)),
}


class EndpointForm(forms.Form):
    """Where webhooks go, and which; without any type chosen, all."""

    url = SingleLineField(
        label=_("Address (URL)"),
        max_length=MAX_URL_LENGTH,
        error_messages={"required": _("Enter the address that we send to.")},
    )
    description = SingleLineField(label=_("Description (optional)"), max_length=100, required=False)
    event_types = forms.MultipleChoiceField(label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple)
    is_enabled = forms.BooleanField(label=_("Send webhooks to this address"), required=False, initial=True)

    def __init__(self, *args: Any, endpoint: WebhookEndpoint | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        declared = registry.get_webhook_event_types().values()
        set_choices(self, "event_types", [(each.name, f"{each.label} ({each.name})") for each in declared])
        if endpoint:
            for name in self.fields:
                self.initial[name] = getattr(endpoint, name)

    def clean_url(self) -> str:
        """Return an address that webhooks may be sent to."""
        try:
            parse_destination(self.cleaned_data["url"])
        except InvalidDestination as error:
            raise ValidationError(explain_invalid_url(error)) from error
        return self.cleaned_data["url"]


class ReplayForm(forms.Form):
    """Since when events are sent again."""

    period = forms.ChoiceField(
        label=_("Send again what happened in"), choices=[(key, label) for key, (label, _age) in REPLAY_PERIODS.items()]
    )
