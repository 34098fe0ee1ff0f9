"""URLs of actions on many clients in the business API."""

from django.urls import path

from api.bulk_actions import views

app_name = "bulk-actions"
urlpatterns = [
    path("archivals/", views.ArchivalListView.as_view(), name="archivals"),
    path("restorations/", views.RestorationListView.as_view(), name="restorations"),
    path("invitations/", views.InvitationListView.as_view(), name="invitations"),
    path("tags/<uuid:tag_id>/additions/", views.TagAdditionListView.as_view(), name="tag-additions"),
    path("tags/<uuid:tag_id>/removals/", views.TagRemovalListView.as_view(), name="tag-removals"),
]
