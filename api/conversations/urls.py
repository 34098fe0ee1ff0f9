"""URLs of conversations with clients in the business API."""

from django.urls import path

from api.conversations import views

app_name = "conversations"
urlpatterns = [
    path("", views.ConversationListView.as_view(), name="list"),
    path("<uuid:client_id>/messages/", views.ChatMessageListView.as_view(), name="messages"),
    path("<uuid:client_id>/read-status/", views.ConversationReadStatusView.as_view(), name="read-status"),
]
