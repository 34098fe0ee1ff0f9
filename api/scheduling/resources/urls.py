"""URLs of rooms and equipment in the business API."""

from django.urls import path

from api.scheduling.resources import views

app_name = "resources"
urlpatterns = [
    path("", views.ResourceListView.as_view(), name="list"),
    path("<uuid:resource_id>/", views.ResourceView.as_view(), name="detail"),
]
