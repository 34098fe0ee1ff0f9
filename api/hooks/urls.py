"""URLs of the webhooks that providers call."""

from django.urls import path

from api.hooks import sendgrid, twilio

app_name = "hooks"
urlpatterns = [
    path("sendgrid/", sendgrid.receive_events, name="sendgrid"),
    path("twilio/<str:token>/", twilio.receive_status, name="twilio"),
]
