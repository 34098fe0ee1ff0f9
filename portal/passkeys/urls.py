"""The URLs of signing in with a passkey, adding and removing one."""

from django.urls import path

from portal.passkeys.views import devices, registration, sign_in

app_name = "passkeys"
urlpatterns = [
    path("new/", registration.add_passkey, name="new"),
    path("new/options/", registration.begin_registration, name="registration-options"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/options/", sign_in.begin_sign_in, name="sign-in-options"),
    path("offer/dismissal/", devices.dismiss_offer, name="offer-dismissal"),
    path("<uuid:pk>/removal/", devices.remove_passkey, name="removal"),
]
