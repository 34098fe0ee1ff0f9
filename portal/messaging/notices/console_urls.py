"""Where does a member of staff find what they were told?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.messaging.notices import console
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("What you are told"),
    url_name="notice-wishes",
    icon="bell",
    permission="home.view",
    position=80,
    about=_("Which news reach you here, and which by email too."),
)

urlpatterns = [
    path("notices/", console.listing, name="notices"),
    path("notices/read/", console.read, name="notices-read"),
    path("notices/<uuid:pk>/", console.notice, name="notice"),
    path("settings/notices/", console.wishes, name="notice-wishes"),
]
