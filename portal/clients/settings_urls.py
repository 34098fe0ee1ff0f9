"""URLs of the settings for custom fields of the client card."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.clients.console import custom_fields
from tenants.staff.navigation import NavItem

FIELDS = NavItem(
    label=_("Custom fields"),
    url_name="client-fields",
    icon="clipboard-document-list",
    permission="settings.edit",
    position=20,
    about=_("Additional fields on every client card."),
)

urlpatterns = [
    path("", custom_fields.field_list, name="client-fields"),
    path("<uuid:pk>/", custom_fields.edit_field, name="client-field"),
    path("<uuid:pk>/position/", custom_fields.move_field, name="client-field-position"),
    path("<uuid:pk>/removal/", custom_fields.remove_field, name="client-field-removal"),
]
