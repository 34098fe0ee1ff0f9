"""URLs of the webhooks that providers call."""

from django.urls import path

from api.hooks import sendgrid, twilio

app_name = "hooks"
urlpatterns = [
    path("sendgrid/", sendgrid.events, name="sendgrid"),
    path("twilio/<str:token>/", twilio.status, name="twilio"),
]
