"""URLs of outside calendars in the business API."""

from django.urls import path

from api.scheduling.outside_calendars import views

app_name = "outside_calendars"
urlpatterns = [
    path("", views.OutsideCalendarListView.as_view(), name="list"),
    path("<uuid:outside_calendar_id>/", views.OutsideCalendarView.as_view(), name="detail"),
    path("<uuid:outside_calendar_id>/fetches/", views.OutsideCalendarFetchView.as_view(), name="fetches"),
]
