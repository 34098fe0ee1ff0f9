"""URLs of the team in the business API."""

from django.urls import path

from api.team import invitation_views, views

app_name = "team"
urlpatterns = [
    path("members/", views.MemberListView.as_view(), name="members"),
    path("members/<uuid:person_id>/", views.MemberView.as_view(), name="member"),
    path("invitations/", invitation_views.InvitationListView.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", invitation_views.InvitationView.as_view(), name="invitation"),
    path(
        "invitations/<uuid:invitation_id>/reminder/",
        invitation_views.InvitationReminderView.as_view(),
        name="invitation-reminder",
    ),
]
