"""The console's URLs of notifications and of the preferences for them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.messaging.notifications import console
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Notifications"),
    url_name="notification-preferences",
    icon="bell",
    permission="home.view",
    position=80,
    about=_("Choose what you are notified of in the console and by email."),
)

urlpatterns = [
    path("notifications/", console.notification_list, name="notifications"),
    path("notifications/read-marker/", console.mark_all_read, name="notifications-read-marker"),
    path("notifications/<uuid:pk>/", console.open_notification, name="notification"),
    path("settings/notifications/", console.preferences, name="notification-preferences"),
]
