"""The URLs of a client's appointments."""

from django.urls import path

from portal.scheduling.views import appointment_changes, appointments

app_name = "scheduling"
urlpatterns = [
    path("appointments/", appointments.list_appointments, name="appointments"),
    path("appointments/<uuid:pk>/", appointments.show_appointment, name="appointment"),
    path("appointments/<uuid:pk>/calendar.ics", appointments.download_calendar_file, name="appointment-file"),
    path("appointments/<uuid:pk>/time/", appointment_changes.change_time, name="appointment-time"),
    path("appointments/<uuid:pk>/cancellation/", appointment_changes.cancel_appointment, name="cancellation"),
    path("appointments/<uuid:pk>/proposal/", appointment_changes.book_proposal, name="proposal"),
]
