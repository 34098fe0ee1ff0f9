"""URLs of signing in with a passkey by the client API."""

from django.urls import path

from api.portal.passkeys import sign_in_views

app_name = "passkey-sign-in"
urlpatterns = [
    path("", sign_in_views.SignInChallengeListView.as_view(), name="challenges"),
    path("<str:challenge_id>/answers/", sign_in_views.SignInAnswerListView.as_view(), name="answers"),
]
