"""URLs of the demo outbox, below /dev/."""

from django.urls import path

from tenants.devmail import views

app_name = "devmail"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox.json", views.json_feed, name="json-feed"),
    path("outbox/<str:name>/mail/", views.email_body, name="email-body"),
]
