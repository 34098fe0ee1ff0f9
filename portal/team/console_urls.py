"""URLs and navigation entry of the team pages in the console."""

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
    about=_("Team members and their permissions."),
)

urlpatterns = [
    path("", console.listing, name="team"),
    path("invitations/", console.invite, name="team-invitations"),
    path("invitations/<uuid:pk>/reminder/", console.resend_invitation, name="team-invitation-reminder"),
    path("invitations/<uuid:pk>/withdrawal/", console.withdraw_invitation, name="team-invitation-withdrawal"),
    path("<uuid:pk>/", console.edit_member, name="team-member"),
    path("<uuid:pk>/removal/", console.remove_member, name="team-member-removal"),
]
