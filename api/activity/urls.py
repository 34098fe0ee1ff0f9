"""URLs of the activity in the business API."""

from django.urls import path

from api.activity import views

app_name = "activity"
urlpatterns = [
    path("", views.ActivityListView.as_view(), name="list"),
    path("export/", views.ActivityExportView.as_view(), name="export"),
]
