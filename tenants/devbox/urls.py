"""Where is the demo outbox?"""

from django.urls import path

app_name = "devbox"
urlpatterns: list[path] = []
