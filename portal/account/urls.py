"""URLs of the pages where clients see and change their own data."""

from django.urls import path

from portal.account.views import contact, details

app_name = "account"
urlpatterns = [
    path("", details.details, name="details"),
    path("preferences/", details.preferences, name="preferences"),
    path("contact/", contact.contact, name="contact"),
    path("contact/code/", contact.contact_code, name="contact-code"),
    path("reauthentication/", contact.reauthentication, name="reauthentication"),
    path("reauthentication/code/", contact.reauthentication_code, name="reauthentication-code"),
]
