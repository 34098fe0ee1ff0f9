"""Where is the team?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.team import console
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Team"),
    url_name="team",
    icon="user-group",
    permission="team.view",
    position=10,
    about=_("Who works here, and what each may see and do."),
)

urlpatterns = [
    path("", console.listing, name="team"),
    path("invite/", console.invite, name="team-invite"),
    path("invitations/<uuid:pk>/again/", console.invite_again, name="team-invite-again"),
    path("invitations/<uuid:pk>/withdraw/", console.withdraw, name="team-withdraw"),
    path("<uuid:pk>/", console.member, name="team-member"),
    path("<uuid:pk>/remove/", console.remove, name="team-remove"),
]
