"""URLs of blocked times in the business API."""

from django.urls import path

from api.scheduling.blocked_times import views

app_name = "blocked_times"
urlpatterns = [
    path("", views.BlockedTimeListView.as_view(), name="list"),
    path("<uuid:blocked_time_id>/", views.BlockedTimeView.as_view(), name="detail"),
]
