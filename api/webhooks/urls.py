"""URLs of webhooks in the business API."""

from django.urls import path

from api.webhooks import attempt_views, views

app_name = "webhooks"
urlpatterns = [
    path("", views.WebhookListView.as_view(), name="list"),
    path("<uuid:webhook_id>/", views.WebhookView.as_view(), name="detail"),
    path("<uuid:webhook_id>/secret/", views.WebhookSecretView.as_view(), name="secret"),
    path("<uuid:webhook_id>/tests/", views.WebhookTestView.as_view(), name="tests"),
    path("<uuid:webhook_id>/attempts/", attempt_views.AttemptListView.as_view(), name="attempts"),
    path("<uuid:webhook_id>/attempts/<uuid:delivery_attempt_id>/", attempt_views.AttemptView.as_view(), name="attempt"),
    path("<uuid:webhook_id>/replays/", attempt_views.ReplayListView.as_view(), name="replays"),
]
