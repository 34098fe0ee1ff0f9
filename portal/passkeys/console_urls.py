"""The console's URLs of a client's passkeys."""

from django.urls import path

from portal.passkeys import console

urlpatterns = [
    path("<uuid:pk>/passkeys/<uuid:passkey>/removal/", console.remove_passkey, name="client-passkey-removal"),
]
