"""The forms in which members make and replace API keys."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.api_keys.networks import parse_networks
from portal.api_keys.scopes import list_grantable_scopes, list_reading_scopes, list_scope_groups
from portal.api_keys.services import OVERLAPS, ApiKeyFields
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField
from tenants.models import Membership

LIFETIMES = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "": _("It doesn’t expire")}
OVERLAP_LABELS = dict(zip(OVERLAPS, (_("1 hour"), _("24 hours"), _("7 days")), strict=True))


class KeyAccess(TextChoices):
    """How much a key may do, in one choice."""

    READ = "read", _("Read everything, change nothing")
    CHOSEN = "chosen", _("Only what is ticked here")


class ApiKeyForm(forms.Form):
    """What a member decides about a new key; it offers only what the member may do."""

    key_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = SingleLineField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Give the key a name, so that you recognise it later.")},
    )
    access = forms.ChoiceField(
        label=_("What may it do?"), choices=KeyAccess.choices, initial=KeyAccess.READ, widget=forms.RadioSelect
    )
    scopes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    lifetime = forms.ChoiceField(label=_("Expires after"), choices=LIFETIMES.items(), initial="365", required=False)
    allowed_networks = MultiLineField(label=_("Allowed IP addresses"), required=False, max_length=1000)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.membership = membership
        set_choices(self, "scopes", [(name, name) for name in list_grantable_scopes(membership)])
        self.fields["allowed_networks"].widget.attrs["rows"] = 3

    @property
    def scope_groups(self) -> list[tuple[Any, list[tuple[Any, bool]]]]:
        """Return the noun of each group of scopes, with its scopes and whether each is ticked."""
        ticked = set(self["scopes"].value() or ())
        groups = list_scope_groups(self.membership)
        return [(group.label, [(scope, scope.name in ticked) for scope in group.scopes]) for group in groups]

    def clean_allowed_networks(self) -> tuple[str, ...]:
        """Return the networks in CIDR notation, one for each line."""
        return tuple(parse_networks(self.cleaned_data["allowed_networks"].split()))

    def clean(self) -> None:
        """Require a scope where they are chosen, and none where the key is to read everything."""
        access, scopes = self.cleaned_data.get("access"), self.cleaned_data.get("scopes")
        if access == KeyAccess.CHOSEN and not scopes:
            self.add_error("scopes", _("Tick at least one thing that the key may do."))
        if access == KeyAccess.READ and scopes:
            self.add_error("access", _("You ticked something. Choose “Only what is ticked here”, or untick it."))

    def build_fields(self, now: datetime) -> ApiKeyFields:
        """Return what was decided; the form must be valid."""
        typed = self.cleaned_data
        is_reading = typed["access"] == KeyAccess.READ
        return ApiKeyFields(
            key_id=typed["key_id"],
            name=typed["name"],
            scopes=tuple(list_reading_scopes(self.membership) if is_reading else typed["scopes"]),
            allowed_networks=typed["allowed_networks"],
            expires_at=now + timedelta(days=int(typed["lifetime"])) if typed["lifetime"] else None,
        )


class ApiKeyReplacementForm(forms.Form):
    """How long the old key works on beside its replacement."""

    key_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    overlap = forms.TypedChoiceField(
        label=_("The old key works for another"),
        choices=[(int(overlap.total_seconds()), label) for overlap, label in OVERLAP_LABELS.items()],
        widget=forms.RadioSelect,
        coerce=lambda seconds: timedelta(seconds=int(seconds)),
        initial=int(OVERLAPS[1].total_seconds()),
    )
