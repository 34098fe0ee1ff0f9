"""URLs of mails and texts to clients in the business API."""

from django.urls import path

from api.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.MessageListView.as_view(), name="list"),
    path("<uuid:message_id>/", views.MessageView.as_view(), name="detail"),
]
