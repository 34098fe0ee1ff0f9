"""The console's URLs of visits."""

from django.urls import path

from tests.tenants.nouns.visits import console

urlpatterns = [
    path("visits/", console.visit_list, name="visits"),
    path("settings/visits/", console.rules, name="visit-rules"),
    path("clients/<uuid:pk>/visits/", console.client_visits, name="client-visits"),
]
