"""A form about a row that somebody else may change while it is open."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from portal.ui.form_fields import SingleLineField

CHANGED_MEANWHILE = "changed-meanwhile"


class EditForm(forms.Form):
    """Fields with the values that were current when the form was opened; without a row, those of a new one.

    Whoever sends a form that was opened before somebody else's change is told, and their next attempt counts.
    """

    fingerprint = SingleLineField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, current: Mapping[str, Any] | None = None, **kwargs: Any):
        self.current_fingerprint = compute_fingerprint(current) if current is not None else ""
        super().__init__(data, **{"initial": dict(current or {})} | kwargs)
        self.initial["fingerprint"] = self.current_fingerprint

    @property
    def values(self) -> dict[str, Any]:
        """Return the values to save; the form must be valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "fingerprint"}

    @property
    def error_status(self) -> int:
        """Return the status of a page that shows this form: 409 after somebody else's change, 422 with errors."""
        if self.is_bound and self.has_error(NON_FIELD_ERRORS, CHANGED_MEANWHILE):
            return 409
        return 422 if self.is_bound and self.errors else 200

    def clean_fingerprint(self) -> str:
        """Notice what somebody else has changed since the form was opened."""
        typed = self.cleaned_data["fingerprint"]
        if typed and self.current_fingerprint and typed != self.current_fingerprint:
            self.add_error(None, forms.ValidationError(_describe_change(), code=CHANGED_MEANWHILE))
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent["fingerprint"] = self.current_fingerprint
            self.data = sent
        return typed


def compute_fingerprint(values: Mapping[str, Any]) -> str:
    """Return a text that differs if any of the values does."""
    encoded = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(encoded.encode()).hexdigest()


def _describe_change() -> str:
    return _(
        "Somebody else has changed this since you opened it. Check what you entered; saving replaces their change."
    )
