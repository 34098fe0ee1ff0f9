"""URLs of the console's pages that open the portal as a client."""

from django.urls import path

from portal.impersonation import console

urlpatterns = [
    path("demo/", console.demo_client, name="portal-demo"),
    path("demo/reset/", console.demo_client_reset, name="portal-demo-reset"),
    path("impersonation/<uuid:pk>/", console.client, name="portal-impersonation"),
]
