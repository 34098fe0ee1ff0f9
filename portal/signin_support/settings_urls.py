"""The console's URLs of the settings page about text messages."""

from django.urls import path

from portal.signin_support.console import text_messages

urlpatterns = [
    path("", text_messages.show_text_messages, name="text-messages"),
    path("stops/<uuid:pk>/lifting/", text_messages.lift_stop, name="sms-stop-lifting"),
]
