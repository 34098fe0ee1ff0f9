"""URLs of tags in the business API."""

from django.urls import path

from api.tags import views

app_name = "tags"
urlpatterns = [
    path("", views.TagListView.as_view(), name="list"),
    path("<uuid:tag_id>/", views.TagView.as_view(), name="detail"),
]
