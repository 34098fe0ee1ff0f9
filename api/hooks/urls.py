"""Where do providers tell us what became of a message?"""

from django.urls import path

app_name = "hooks"
urlpatterns: list[path] = []
