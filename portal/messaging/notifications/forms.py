"""The form in which a member of staff chooses how to be notified."""

from typing import Any

from django import forms

from portal.messaging.models import NotificationMethod
from tenants.nouns import registry


class NotificationPreferencesForm(forms.Form):
    """One choice field for each kind of notification that the member may get."""

    def __init__(self, *args: Any, preferences: dict[str, NotificationMethod], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = NotificationMethod.choices
        for kind, method in preferences.items():
            label = str(registry.get_notification_kinds()[kind].label)
            self.fields[kind] = forms.ChoiceField(label=label, choices=choices, initial=method)

    def cleaned_preferences(self) -> dict[str, NotificationMethod]:
        """Return the method chosen for each kind."""
        return {kind: NotificationMethod(method) for kind, method in self.cleaned_data.items()}
