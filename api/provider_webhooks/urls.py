"""URLs of the webhooks that providers call."""

from django.urls import path

from api.provider_webhooks import sendgrid_webhook, twilio_webhook

app_name = "hooks"
urlpatterns = [
    path("sendgrid/", sendgrid_webhook.receive_events, name="sendgrid"),
    path("twilio/<str:token>/", twilio_webhook.receive_status, name="twilio"),
]
