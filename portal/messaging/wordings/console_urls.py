"""Where does a business put its mails into its own words?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.messaging.wordings import console
from tenants.staff.sections import Section

SECTION = Section(
    label=_("Mails to clients"),
    url_name="wordings",
    icon="envelope",
    permission="messages.view",
    position=40,
    about=_("How the mails read that the portal sends in your name."),
)

urlpatterns = [
    path("", console.listing, name="wordings"),
    path("<slug:kind>/<slug:language>/", console.wording, name="wording"),
    path("<slug:kind>/<slug:language>/reset/", console.reset, name="wording-reset"),
    path("<slug:kind>/<slug:language>/preview/", console.preview, name="wording-preview"),
    path("<slug:kind>/<slug:language>/sample/", console.sample, name="wording-sample"),
]
