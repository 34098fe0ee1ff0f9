"""URLs of availability in the business API."""

from django.urls import path

from api.scheduling.availability import views

app_name = "availability"
urlpatterns = [path("", views.AvailabilityView.as_view(), name="slots")]
