"""URLs of the rules of booking in the business API."""

from django.urls import path

from api.scheduling.settings import views

app_name = "scheduling_settings"
urlpatterns = [path("", views.SchedulingSettingsView.as_view(), name="settings")]
