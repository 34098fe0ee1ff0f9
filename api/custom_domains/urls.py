"""URLs of custom domains in the business API."""

from django.urls import path

from api.custom_domains import views

app_name = "custom_domains"
urlpatterns = [
    path("", views.CustomDomainListView.as_view(), name="list"),
    path("<uuid:domain_id>/", views.CustomDomainView.as_view(), name="detail"),
    path("<uuid:domain_id>/checks/", views.CustomDomainCheckView.as_view(), name="checks"),
]
