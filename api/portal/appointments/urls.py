"""URLs of a client's appointments in the client API."""

from django.urls import path

from api.portal.appointments import views

app_name = "portal-appointments"
urlpatterns = [
    path("", views.AppointmentListView.as_view(), name="list"),
    path("<uuid:appointment_id>/", views.AppointmentView.as_view(), name="detail"),
    path("<uuid:appointment_id>/time/", views.AppointmentTimeView.as_view(), name="time"),
    path("<uuid:appointment_id>/cancellation/", views.AppointmentCancellationView.as_view(), name="cancellation"),
    path("<uuid:appointment_id>/proposed-time/", views.ProposedTimeView.as_view(), name="proposed-time"),
]
