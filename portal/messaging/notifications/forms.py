"""The form in which a member of staff chooses how to be notified."""

from typing import Any

from django import forms

from portal.messaging.models import NotificationKind, NotificationPreference


class NotificationPreferencesForm(forms.Form):
    """One choice field for each kind of notification that the member may get."""

    def __init__(self, *args: Any, preferences: dict[NotificationKind, NotificationPreference.Method], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = NotificationPreference.Method.choices
        for kind, method in preferences.items():
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=choices, initial=method)

    def preferences(self) -> dict[NotificationKind, NotificationPreference.Method]:
        """Return the method chosen for each kind."""
        return {NotificationKind(kind): NotificationPreference.Method(m) for kind, m in self.cleaned_data.items()}
