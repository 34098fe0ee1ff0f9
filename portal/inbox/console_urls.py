"""The console's URLs of the inbox and the conversations."""

from django.urls import path

from portal.inbox import console

urlpatterns = [
    path("", console.list_conversations, name="messages"),
    path("<uuid:pk>/", console.show_conversation, name="conversation"),
    path("<uuid:pk>/live/", console.poll_conversation, name="conversation-live"),
    path("<uuid:pk>/messages/", console.send_message, name="conversation-messages"),
]
