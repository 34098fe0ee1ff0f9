"""URLs of the console's pages that open the portal as a client."""

from django.urls import path

from portal.impersonation import console

urlpatterns = [
    path("demo/", console.view_as_demo_client, name="portal-demo"),
    path("demo/reset/", console.reset_demo_client_data, name="portal-demo-reset"),
    path("impersonation/<uuid:pk>/", console.view_as_client, name="portal-impersonation"),
]
