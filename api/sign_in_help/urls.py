"""URLs of sign-in help in the business API."""

from django.urls import path

from api.sign_in_help import code_views, failure_views, views

app_name = "sign_in_help"
urlpatterns = [
    path("lookups/", views.LookupView.as_view(), name="lookups"),
    path("recent-failures/", failure_views.RecentFailureListView.as_view(), name="recent-failures"),
    path("clients/<uuid:client_id>/", views.DiagnosticsView.as_view(), name="diagnostics"),
    path("clients/<uuid:client_id>/attempt-links/", views.AttemptLinkView.as_view(), name="attempt-links"),
    path(
        "clients/<uuid:client_id>/attempts/<uuid:attempt_id>/codes/",
        code_views.CodeListView.as_view(),
        name="codes",
    ),
    path(
        "clients/<uuid:client_id>/suppressions/<uuid:suppression_id>/removal/",
        views.SuppressionRemovalView.as_view(),
        name="suppression-removal",
    ),
]
