"""The console's URLs of the team pages."""

from django.urls import path

from portal.team import console

urlpatterns = [
    path("", console.list_team, name="team"),
    path("invitations/", console.invite_member, name="team-invitations"),
    path("invitations/<uuid:pk>/reminder/", console.resend_invitation, name="team-invitation-reminder"),
    path("invitations/<uuid:pk>/withdrawal/", console.withdraw_invitation, name="team-invitation-withdrawal"),
    path("<uuid:pk>/", console.edit_member, name="team-member"),
    path("<uuid:pk>/removal/", console.remove_member, name="team-member-removal"),
]
