"""URLs of suggestions in the business API."""

from django.urls import path

from api.suggestions import views

app_name = "suggestions"
urlpatterns = [
    path("", views.SuggestionListView.as_view(), name="list"),
    path("<uuid:suggestion_id>/", views.SuggestionView.as_view(), name="detail"),
    path("<uuid:suggestion_id>/acceptance/", views.SuggestionAcceptanceView.as_view(), name="acceptance"),
    path("<uuid:suggestion_id>/dismissal/", views.SuggestionDismissalView.as_view(), name="dismissal"),
]
