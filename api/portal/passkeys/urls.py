"""URLs of a client's passkeys in the client API."""

from django.urls import path

from api.portal.passkeys import views

app_name = "passkeys"
urlpatterns = [
    path("", views.PasskeyListView.as_view(), name="list"),
    path("challenges/", views.PasskeyChallengeListView.as_view(), name="challenges"),
    path("<uuid:passkey_id>/", views.OwnPasskeyView.as_view(), name="detail"),
]
