"""URLs of notifications in the business API."""

from django.urls import path

from api.notifications import preference_views, views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationListView.as_view(), name="list"),
    path("read-status/", views.NotificationListReadStatusView.as_view(), name="list-read-status"),
    path("preferences/", preference_views.PreferencesView.as_view(), name="preferences"),
    path("<uuid:notification_id>/read-status/", views.NotificationReadStatusView.as_view(), name="read-status"),
]
