"""URLs of services in the business API."""

from django.urls import path

from api.scheduling.services import views

app_name = "services"
urlpatterns = [
    path("", views.ServiceListView.as_view(), name="list"),
    path("<uuid:service_id>/", views.ServiceView.as_view(), name="detail"),
    path("<uuid:service_id>/archival/", views.ServiceArchivalView.as_view(), name="archival"),
    path("<uuid:service_id>/restoration/", views.ServiceRestorationView.as_view(), name="restoration"),
]
