"""URLs of packages of sessions in the business API."""

from django.urls import path

from api.scheduling.session_packages import views

app_name = "session-packages"
urlpatterns = [
    path("", views.SessionPackageListView.as_view(), name="list"),
    path("<uuid:package_id>/", views.SessionPackageView.as_view(), name="detail"),
    path("<uuid:package_id>/archival/", views.SessionPackageArchivalView.as_view(), name="archival"),
    path("<uuid:package_id>/restoration/", views.SessionPackageRestorationView.as_view(), name="restoration"),
]
