"""The URLs of the activity page, and its place in the console's navigation."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.activity import console
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(label=_("Activity"), url_name="activity", icon="clock", permission="activity.view", position=80)

urlpatterns = [
    path("", console.listing, name="activity"),
    path("export/", console.export, name="activity-export"),
]
