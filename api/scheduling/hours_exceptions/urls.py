"""URLs of exceptions to the weekly hours in the business API."""

from django.urls import path

from api.scheduling.hours_exceptions import holiday_views, views

app_name = "hours_exceptions"
urlpatterns = [
    path("", views.HoursExceptionListView.as_view(), name="list"),
    path("public-holidays/", holiday_views.PublicHolidaysView.as_view(), name="public-holidays"),
    path("<uuid:exception_id>/", views.HoursExceptionView.as_view(), name="detail"),
]
