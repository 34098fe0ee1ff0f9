"""The console's URLs of the activity page."""

from django.urls import path

from portal.activity import console

urlpatterns = [
    path("", console.list_activity, name="activity"),
    path("export/", console.export_activity, name="activity-export"),
]
