"""URLs of the settings for custom fields of the client card."""

from django.urls import path

from portal.clients.console import custom_fields

urlpatterns = [
    path("", custom_fields.list_fields, name="client-fields"),
    path("<uuid:pk>/", custom_fields.edit_field, name="client-field"),
    path("<uuid:pk>/position/", custom_fields.move_field, name="client-field-position"),
    path("<uuid:pk>/removal/", custom_fields.remove_field, name="client-field-removal"),
]
