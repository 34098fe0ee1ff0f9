"""URLs of the pages where clients see and change their own data."""

from django.urls import path

from portal.account.views import contact_changes, own_details

app_name = "account"
urlpatterns = [
    path("", own_details.show_own_details, name="details"),
    path("preferences/", own_details.save_locale_preferences, name="preferences"),
    path("contact/", contact_changes.edit_own_contact, name="contact"),
    path("contact/code/", contact_changes.confirm_contact, name="contact-code"),
    path("reauthentication/", contact_changes.request_reauthentication_code, name="reauthentication"),
    path("reauthentication/code/", contact_changes.confirm_reauthentication, name="reauthentication-code"),
]
