"""The operations of the business API on the settings of the portal."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.portal_settings.serializers import PortalSettingsSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.form_problems import build_validation_problem
from api.protocol.serializers import validate
from portal.branding.models import PortalSettings
from portal.branding.portal_settings_changes import change_settings, lock_portal_settings
from portal.branding.services import get_portal_settings, list_sms_countries
from tenants import hostnames
from tenants.models import Business


class PortalSettingsView(BusinessApiView):
    """The settings of the portal."""

    permissions = {"GET": "portal.view", "PATCH": "portal.edit"}

    @extend_schema(operation_id="get_portal_settings", responses=PortalSettingsSerializer)
    def get(self, request: Any) -> Response:
        """Return how the portal looks, what it says, and how clients sign in."""
        return Response(present_portal_settings(self.business, get_portal_settings()))

    @transaction.atomic
    @extend_schema(
        operation_id="update_portal_settings",
        request=PortalSettingsSerializer(partial=True),
        responses=PortalSettingsSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Change the settings that are given. The portal shows them within seconds."""
        portal_settings = lock_portal_settings(self.business)
        shown = present_portal_settings(self.business, portal_settings)
        check_if_match(request, lambda: shown)
        values = validate(PortalSettingsSerializer, request.data, partial=True)
        values = {name: value for name, value in values.items() if value != shown[name]}
        try:
            change_settings(
                business=self.business,
                locked_settings=portal_settings,
                staff=self.staff,
                now=self.now,
                **_rename(values),
            )
        except ValidationError as error:
            raise build_validation_problem(error) from error
        self.business.name = values.get("name", self.business.name)
        return Response(present_portal_settings(self.business, get_portal_settings()))


def _rename(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values by the names of the model."""
    renamed = dict(values)
    if "resend_wait_minutes" in renamed:
        renamed["resend_wait"] = timedelta(minutes=renamed.pop("resend_wait_minutes"))
    return renamed


def present_portal_settings(business: Business, portal_settings: PortalSettings) -> dict[str, Any]:
    """Return what the API shows of the settings."""
    columns = ("colour", "welcome", "contact_email", "contact_phone", "website", "postal_address", "hidden_sections")
    wait = portal_settings.resend_wait or settings.LOGIN_RESEND_WAIT
    return (
        {"name": business.name}
        | {name: getattr(portal_settings, name) for name in columns}
        | {
            "languages": portal_settings.languages or [code for code, _name in settings.LANGUAGES],
            "logo_url": _build_logo_url(business, portal_settings.logo_digest),
            "resend_wait_minutes": round(wait.total_seconds() / 60),
            "default_channel": portal_settings.default_channel,
            "sms_countries": sorted(list_sms_countries(portal_settings)),
            "code_in_subject": portal_settings.code_in_subject,
        }
    )


def _build_logo_url(business: Business, digest: str) -> str:
    return hostnames.build_portal_url(business, f"/logo/?v={digest}") if digest else ""
