"""At which addresses does a client see and change their own data?"""

from django.urls import path

from portal.profile.views import contact, details

app_name = "profile"
urlpatterns = [
    path("", details.details, name="details"),
    path("preferences/", details.preferences, name="preferences"),
    path("contact/", contact.contact, name="contact"),
    path("contact/code/", contact.contact_code, name="contact-code"),
    path("confirm/", contact.confirm, name="confirm"),
    path("confirm/code/", contact.confirm_code, name="confirm-code"),
]
