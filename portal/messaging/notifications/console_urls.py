"""The console's URLs of notifications and of the preferences for them."""

from django.urls import path

from portal.messaging.notifications import console

urlpatterns = [
    path("notifications/", console.list_notifications, name="notifications"),
    path("notifications/read-marker/", console.mark_all_read, name="notifications-read-marker"),
    path("notifications/<uuid:pk>/", console.open_notification, name="notification"),
    path("settings/notifications/", console.edit_notification_preferences, name="notification-preferences"),
]
