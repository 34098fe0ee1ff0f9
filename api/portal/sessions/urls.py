"""URLs of a client's sessions in the client API."""

from django.urls import path

from api.portal.sessions import views

app_name = "sessions"
urlpatterns = [
    path("", views.SessionListView.as_view(), name="list"),
    path("<uuid:session_id>/", views.SessionView.as_view(), name="detail"),
]
