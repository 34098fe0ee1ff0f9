"""URLs of appointments in the business API."""

from django.urls import path

from api.scheduling.appointments import change_views, views
from api.scheduling.client_packages.session_views import AppointmentSessionView

app_name = "appointments"
urlpatterns = [
    path("", views.AppointmentListView.as_view(), name="list"),
    path("<uuid:appointment_id>/", views.AppointmentView.as_view(), name="detail"),
    path("<uuid:appointment_id>/session/", AppointmentSessionView.as_view(), name="session"),
    path("<uuid:appointment_id>/time/", views.AppointmentTimeView.as_view(), name="time"),
    path(
        "<uuid:appointment_id>/confirmation/", change_views.AppointmentConfirmationView.as_view(), name="confirmation"
    ),
    path("<uuid:appointment_id>/refusal/", change_views.AppointmentRefusalView.as_view(), name="refusal"),
    path(
        "<uuid:appointment_id>/cancellation/", change_views.AppointmentCancellationView.as_view(), name="cancellation"
    ),
    path("<uuid:appointment_id>/attendance/", change_views.AppointmentAttendanceView.as_view(), name="attendance"),
]
