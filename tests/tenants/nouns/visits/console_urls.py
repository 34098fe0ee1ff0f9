"""The console's URLs of visits."""

from django.urls import path

from tests.tenants.nouns.visits import console

urlpatterns = [
    path("visits/", console.list_visits, name="visits"),
    path("visits/fees/", console.list_fees, name="visit-fees"),
    path("settings/visits/", console.show_visit_rules, name="visit-rules"),
    path("clients/<uuid:pk>/visits/", console.list_client_visits, name="client-visits"),
]
