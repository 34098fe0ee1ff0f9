"""The console's URLs of the inbox and the conversations."""

from django.urls import path

from portal.inbox import console

urlpatterns = [
    path("", console.inbox, name="messages"),
    path("<uuid:pk>/", console.conversation, name="conversation"),
    path("<uuid:pk>/live/", console.live, name="conversation-live"),
    path("<uuid:pk>/messages/", console.send_message, name="conversation-messages"),
]
