"""URLs of the settings for webhooks."""

from django.urls import path

from portal.integrations.console import webhooks

urlpatterns = [
    path("", webhooks.list_endpoints, name="webhooks"),
    path("new/", webhooks.add_endpoint, name="webhook-new"),
    path("<uuid:pk>/", webhooks.show_endpoint, name="webhook"),
    path("<uuid:pk>/edit/", webhooks.edit_endpoint, name="webhook-edit"),
    path("<uuid:pk>/secret/", webhooks.show_secret, name="webhook-secret"),
    path("<uuid:pk>/test/", webhooks.send_test, name="webhook-test"),
    path("<uuid:pk>/replay/", webhooks.replay, name="webhook-replay"),
    path("<uuid:pk>/removal/", webhooks.remove_endpoint, name="webhook-removal"),
    path("<uuid:pk>/attempts/<uuid:attempt>/", webhooks.show_attempt, name="webhook-attempt"),
]
