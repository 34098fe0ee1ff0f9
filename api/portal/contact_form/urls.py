"""URLs of the contact form in the client API."""

from django.urls import path

from api.portal.contact_form import views

app_name = "contact-form"
urlpatterns = [path("", views.ContactFormView.as_view(), name="form")]
