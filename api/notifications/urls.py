"""URLs of notifications in the business API."""

from django.urls import path

from api.notifications import preference_views, views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationListView.as_view(), name="list"),
    path("reading/", views.NotificationListReadingView.as_view(), name="list-reading"),
    path("preferences/", preference_views.PreferencesView.as_view(), name="preferences"),
    path("<uuid:notification_id>/reading/", views.NotificationReadingView.as_view(), name="reading"),
]
