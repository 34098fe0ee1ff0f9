"""URLs of signing in by the client API."""

from django.urls import path

from api.portal.sign_in import views

app_name = "sign-in"
urlpatterns = [
    path("challenges/", views.ChallengeListView.as_view(), name="challenges"),
    path("challenges/<str:challenge_id>/answers/", views.AnswerListView.as_view(), name="answers"),
    path("challenges/<str:challenge_id>/choices/", views.ChoiceListView.as_view(), name="choices"),
    path("challenges/<str:challenge_id>/resends/", views.ResendListView.as_view(), name="resends"),
]
