"""URLs of a client's own data in the client API."""

from django.urls import path

from api.portal.account import contact_views, details_views, reauthentication_views

app_name = "account"
CHALLENGES = contact_views.ContactChallengeListView.as_view()
ANSWERS = contact_views.ContactAnswerListView.as_view()
urlpatterns = [
    path("", details_views.OwnDetailsView.as_view(), name="details"),
    path("contacts/", contact_views.ContactListView.as_view(), name="contacts"),
    path("contacts/challenges/", CHALLENGES, name="contact-challenges"),
    path("contacts/challenges/<str:challenge_id>/answers/", ANSWERS, name="contact-answers"),
    path(
        "contacts/<uuid:contact_id>/challenges/",
        contact_views.ReplacementChallengeListView.as_view(),
        name="replacement-challenges",
    ),
    path(
        "contacts/<uuid:contact_id>/challenges/<str:challenge_id>/answers/",
        contact_views.ReplacementAnswerListView.as_view(),
        name="replacement-answers",
    ),
    path(
        "reauthentication/challenges/",
        reauthentication_views.ReauthenticationChallengeListView.as_view(),
        name="reauthentication-challenges",
    ),
    path(
        "reauthentication/challenges/<str:challenge_id>/answers/",
        reauthentication_views.ReauthenticationAnswerListView.as_view(),
        name="reauthentication-answers",
    ),
]
