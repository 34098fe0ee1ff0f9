"""Where do clients write to the business?"""

from django.urls import path

from portal.messaging.conversations import views

app_name = "messages"
urlpatterns = [
    path("", views.conversation, name="conversation"),
    path("live/", views.live, name="live"),
]
