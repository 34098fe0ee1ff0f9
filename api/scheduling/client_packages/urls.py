"""URLs of clients' packages in the business API."""

from django.urls import path

from api.scheduling.client_packages import session_views, views

app_name = "client-packages"
urlpatterns = [
    path("", views.ClientPackageListView.as_view(), name="list"),
    path("<uuid:client_package_id>/", views.ClientPackageView.as_view(), name="detail"),
    path("<uuid:client_package_id>/withdrawal/", views.ClientPackageWithdrawalView.as_view(), name="withdrawal"),
    path("<uuid:client_package_id>/sessions/", session_views.PackageSessionListView.as_view(), name="sessions"),
    path(
        "<uuid:client_package_id>/sessions/<uuid:package_session_id>/return/",
        session_views.SessionReturnView.as_view(),
        name="session-return",
    ),
]
