"""Changes portal settings by the rules of the console's two forms, of which each records an event of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.protocol.form_problems import check_form
from portal.branding.console.forms import BrandingForm, SignInSettingsForm
from portal.branding.kinds import BrandingEvent
from portal.branding.models import PortalSettings
from portal.branding.portal_settings_changes import update_settings
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor

# What the forms call a setting where the API calls it differently.
API_NAMES = {"visible_sections": "hidden_sections", "resend_wait": "resend_wait_minutes"}


def change_portal_settings(
    *,
    business: Business,
    portal_settings: PortalSettings,
    values: Mapping[str, Any],
    staff: StaffActor,
    now: datetime,
) -> None:
    """Save the settings that were given, in the caller's transaction. Raises ApiProblem."""
    branding = BrandingForm.from_portal_settings(business, portal_settings, None)
    branding = BrandingForm(_fill_branding(branding, values), country=business.country)
    sign_in = SignInSettingsForm.from_portal_settings(portal_settings, None)
    sign_in = SignInSettingsForm(_fill(sign_in, _rename(values)))
    for form, event_type in (
        (branding, BrandingEvent.BRANDING_CHANGED),
        (sign_in, BrandingEvent.SIGN_IN_SETTINGS_CHANGED),
    ):
        check_form(form, names=API_NAMES)
        given = {name: value for name, value in form.cleaned_settings.items() if name in _rename(values)}
        if given:
            update_settings(business=business, event_type=event_type, staff=staff, now=now, **given)


def _fill_branding(form: BrandingForm, values: Mapping[str, Any]) -> dict[str, Any]:
    data = _fill(form, values)
    if "hidden_sections" in values:
        data["visible_sections"] = [
            key for key, _label in form.hideable_sections if key not in values["hidden_sections"]
        ]
    return data


def _fill(form: BrandingForm | SignInSettingsForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form would be sent: the present settings with the given ones in their place."""
    return {**form.initial, **{name: value for name, value in values.items() if name in form.fields}}


def _rename(values: Mapping[str, Any]) -> dict[str, Any]:
    renamed = dict(values)
    if "resend_wait_minutes" in renamed:
        renamed["resend_wait"] = renamed.pop("resend_wait_minutes")
    return renamed
