"""The console's URLs of the activity page."""

from django.urls import path

from portal.activity import console

urlpatterns = [
    path("", console.listing, name="activity"),
    path("export/", console.export, name="activity-export"),
]
