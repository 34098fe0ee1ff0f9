"""URLs of the pages where clients see and change their own data."""

from django.urls import path

from portal.account.views import contact, details

app_name = "account"
urlpatterns = [
    path("", details.show_details, name="details"),
    path("preferences/", details.edit_preferences, name="preferences"),
    path("contact/", contact.edit_contact, name="contact"),
    path("contact/code/", contact.confirm_contact, name="contact-code"),
    path("reauthentication/", contact.request_reauthentication_code, name="reauthentication"),
    path("reauthentication/code/", contact.confirm_reauthentication, name="reauthentication-code"),
]
