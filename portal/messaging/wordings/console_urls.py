"""Where does a business put its mails into its own words?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.messaging.wordings.console import mails, texts
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Mails and texts to clients"),
    url_name="wordings",
    icon="envelope",
    permission="messages.view",
    position=40,
    about=_("How the mails and text messages read that the portal sends in your name."),
)

urlpatterns = [
    path("", mails.listing, name="wordings"),
    path("texts/<slug:kind>/<slug:language>/", texts.text, name="wording-text"),
    path("texts/<slug:kind>/<slug:language>/reset/", texts.reset, name="wording-text-reset"),
    path("<slug:kind>/<slug:language>/", mails.wording, name="wording"),
    path("<slug:kind>/<slug:language>/reset/", mails.reset, name="wording-reset"),
    path("<slug:kind>/<slug:language>/preview/", mails.preview, name="wording-preview"),
    path("<slug:kind>/<slug:language>/sample/", mails.sample, name="wording-sample"),
]
