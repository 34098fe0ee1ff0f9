"""URLs of actions on the clients of an uploaded list in the business API."""

from django.urls import path

from api.bulk_actions import views

app_name = "upload-actions"
urlpatterns = [
    path("<uuid:upload_id>/invitations/", views.NewClientInvitationListView.as_view(), name="invitations"),
]
