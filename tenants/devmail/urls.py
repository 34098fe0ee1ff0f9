"""URLs of the demo outbox, below /dev/."""

from django.urls import path

from tenants.devmail import views

app_name = "devmail"
urlpatterns = [
    path("outbox/", views.list_mails, name="outbox"),
    path("outbox.json", views.list_mails_as_json, name="json-feed"),
    path("outbox/<str:name>/mail/", views.show_email_body, name="email-body"),
    path("outbox/<str:name>/attachments/<int:position>/", views.download_attachment, name="attachment"),
]
