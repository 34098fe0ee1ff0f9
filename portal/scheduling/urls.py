"""The URLs of a client's appointments and of private calendar feeds."""

from django.urls import path

from portal.scheduling.views import appointment_changes, appointments, calendar_feeds, waiting_list

app_name = "scheduling"
urlpatterns = [
    path("appointments/", appointments.list_appointments, name="appointments"),
    path("appointments/feed/", calendar_feeds.edit_own_feed, name="own-feed"),
    path("appointments/feed/revocation/", calendar_feeds.revoke_own_feed, name="own-feed-revocation"),
    path(
        "appointments/waiting-list/<uuid:pk>/withdrawal/",
        waiting_list.leave_waiting_list,
        name="waiting-list-withdrawal",
    ),
    path("appointments/<uuid:pk>/", appointments.show_appointment, name="appointment"),
    path("appointments/<uuid:pk>/calendar.ics", appointments.download_calendar_file, name="appointment-file"),
    path("appointments/<uuid:pk>/time/", appointment_changes.change_time, name="appointment-time"),
    path("appointments/<uuid:pk>/cancellation/", appointment_changes.cancel_appointment, name="cancellation"),
    path("appointments/<uuid:pk>/proposal/", appointment_changes.book_proposal, name="proposal"),
    path("feeds/<slug:token>.ics", calendar_feeds.read_feed, name="feed"),
]
