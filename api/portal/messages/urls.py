"""URLs of messages in the client API."""

from django.urls import path

from api.portal.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.MessageListView.as_view(), name="list"),
    path("reads/", views.MessageReadStatusView.as_view(), name="reads"),
]
