"""Where does a business say which fields its client cards have?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.clients.console import fields
from tenants.staff.navigation import NavItem

FIELDS = NavItem(
    label=_("Fields of the client card"),
    url_name="client-fields",
    icon="clipboard-document-list",
    permission="settings.edit",
    position=20,
    about=_("What else you want to know of each client."),
)

urlpatterns = [
    path("", fields.fields, name="client-fields"),
    path("<uuid:pk>/", fields.field, name="client-field"),
    path("<uuid:pk>/move/", fields.move, name="client-field-move"),
    path("<uuid:pk>/remove/", fields.remove, name="client-field-remove"),
]
