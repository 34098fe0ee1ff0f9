"""URLs of the contact form's settings in the business API."""

from django.urls import path

from api.contact_form_settings import views

app_name = "contact_form_settings"
urlpatterns = [path("", views.ContactFormSettingsView.as_view(), name="settings")]
