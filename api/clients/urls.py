"""URLs of clients in the business API."""

from django.urls import path

from api.clients import views

app_name = "clients"
urlpatterns = [
    path("", views.ClientListView.as_view(), name="list"),
    path("<uuid:client_id>/", views.ClientView.as_view(), name="detail"),
]
