"""The operations of the business API on the settings of the contact form."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.contact_form_settings.serializers import ContactFormSettingsSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.form_problems import check_form
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from portal.clients.models import CustomField
from portal.intake import services
from portal.intake.contact_form_settings_form import ContactFormSettingsForm
from portal.intake.forms import FIELD_PREFIX
from portal.intake.models import ContactFormSettings, FieldRequirement
from tenants import hostnames
from tenants.models import Business


class ContactFormSettingsView(BusinessApiView):
    """The settings of the contact form."""

    permissions = {"GET": "portal.view", "PATCH": "portal.edit"}

    @extend_schema(operation_id="get_contact_form_settings", responses=ContactFormSettingsSerializer)
    def get(self, request: Any) -> Response:
        """Return whether there is a contact form, what it asks and what it says."""
        current = ContactFormSettings.objects.filter(pk=1).first() or ContactFormSettings()
        return Response(_present(self.business, current))

    @transaction.atomic
    @extend_schema(
        operation_id="update_contact_form_settings",
        request=ContactFormSettingsSerializer(partial=True),
        responses=ContactFormSettingsSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Change the settings that are given. The form shows them within seconds."""
        current = services.lock_contact_form_settings(self.business)
        check_if_match(request, lambda: _present(self.business, current))
        values = validate(ContactFormSettingsSerializer, request.data, partial=True)
        form = _build_form(current, values)
        check_form(form)
        given = {name: value for name, value in form.cleaned_settings.items() if name in values}
        changed = services.change_contact_form_settings(
            business=self.business, locked_settings=current, staff=self.staff, now=self.now, **given
        )
        return Response(_present(self.business, changed))


def _build_form(current: ContactFormSettings, values: Mapping[str, Any]) -> ContactFormSettingsForm:
    """Return the page's form as it would be sent. Raises ApiProblem for a custom field that doesn't exist."""
    fields = list(CustomField.objects.all())
    initial = ContactFormSettingsForm(contact_form=current, fields=fields).initial
    data = {**initial, **{name: value for name, value in values.items() if name != "custom"}}
    if "custom" in values:
        known = {str(field.pk) for field in fields}
        if unknown := set(values["custom"]) - known:
            raise build_field_problem(f"custom.{min(unknown)}", "not_found", "There is no such custom field.")
        data |= {f"{FIELD_PREFIX}{key}": values["custom"].get(key, FieldRequirement.HIDDEN) for key in known}
    return ContactFormSettingsForm(data, contact_form=current, fields=fields)


def _present(business: Business, form: ContactFormSettings) -> dict[str, Any]:
    columns = ("is_on", "intro", "thanks", "email", "mobile", "message", "custom")
    shown: dict[str, Any] = {name: getattr(form, name) for name in columns}
    return shown | {"url": hostnames.build_portal_url(business, "/contact/")}
