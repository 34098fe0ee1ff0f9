"""The URLs of the conversation in the client's portal."""

from django.urls import path

from portal.messaging.conversations import views

app_name = "messages"
urlpatterns = [
    path("", views.show_conversation, name="conversation"),
    path("live/", views.poll_conversation, name="live"),
]
