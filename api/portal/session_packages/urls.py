"""URLs of a client's packages in the client API."""

from django.urls import path

from api.portal.session_packages import views

app_name = "portal-session-packages"
urlpatterns = [path("", views.SessionPackageListView.as_view(), name="list")]
