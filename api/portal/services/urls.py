"""URLs of services in the client API."""

from django.urls import path

from api.portal.services import views

app_name = "portal-services"
urlpatterns = [path("", views.ServiceListView.as_view(), name="list")]
