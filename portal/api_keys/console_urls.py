"""The console's URLs of the pages about API keys."""

from django.urls import path

from portal.api_keys import console

urlpatterns = [
    path("", console.list_api_keys, name="api-keys"),
    path("new/", console.create_api_key, name="api-key-new"),
    path("<uuid:pk>/replacement/", console.replace_api_key, name="api-key-replacement"),
    path("<uuid:pk>/revocation/", console.revoke_api_key, name="api-key-revocation"),
]
