"""URLs of staff calendars in the business API."""

from django.urls import path

from api.scheduling.staff_calendars import hours_views, views

app_name = "staff_calendars"
urlpatterns = [
    path("", views.StaffCalendarListView.as_view(), name="list"),
    path("<uuid:calendar_id>/", views.StaffCalendarView.as_view(), name="detail"),
    path("<uuid:calendar_id>/opening-hours/", hours_views.OpeningHoursView.as_view(), name="opening-hours"),
]
