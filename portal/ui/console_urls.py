"""URLs of the console's home page and settings, and their entries in the navigation."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.ui import console
from tenants.staff.navigation import NavItem

HOME = NavItem(label=_("Home"), url_name="home", icon="home", permission="home.view", position=0)
SETTINGS = NavItem(label=_("Settings"), url_name="settings", icon="cog-6-tooth", permission="home.view", position=90)

urlpatterns = [
    path("", console.home, name="home"),
    path("settings/", console.settings_pages, name="settings"),
]
