"""URLs of clients in the business API."""

from django.urls import path

from api.clients import (
    client_tags,
    contact_views,
    merge_views,
    notes,
    passkeys,
    personal_data_views,
    sessions,
    status_views,
    timeline_views,
    views,
)

app_name = "clients"
urlpatterns = [
    path("", views.ClientListView.as_view(), name="list"),
    path("export/", personal_data_views.ClientListExportView.as_view(), name="list-export"),
    path("<uuid:client_id>/", views.ClientView.as_view(), name="detail"),
    path("<uuid:client_id>/archival/", status_views.ClientArchivalView.as_view(), name="archival"),
    path("<uuid:client_id>/block/", status_views.ClientBlockView.as_view(), name="block"),
    path("<uuid:client_id>/restoration/", status_views.ClientRestorationView.as_view(), name="restoration"),
    path("<uuid:client_id>/confirmation/", status_views.ClientConfirmationView.as_view(), name="confirmation"),
    path("<uuid:client_id>/contacts/", contact_views.ContactListView.as_view(), name="contacts"),
    path("<uuid:client_id>/contacts/<uuid:contact_id>/", contact_views.ContactView.as_view(), name="contact"),
    path(
        "<uuid:client_id>/contacts/<uuid:contact_id>/confirmation/",
        contact_views.ContactConfirmationView.as_view(),
        name="contact-confirmation",
    ),
    path("<uuid:client_id>/notes/", notes.NoteListView.as_view(), name="notes"),
    path("<uuid:client_id>/notes/<uuid:note_id>/", notes.NoteView.as_view(), name="note"),
    path("<uuid:client_id>/timeline/", timeline_views.ClientTimelineView.as_view(), name="timeline"),
    path("<uuid:client_id>/sessions/", sessions.ClientSessionListView.as_view(), name="sessions"),
    path("<uuid:client_id>/sessions/<uuid:session_id>/", sessions.ClientSessionView.as_view(), name="session"),
    path("<uuid:client_id>/passkeys/", passkeys.ClientPasskeyListView.as_view(), name="passkeys"),
    path("<uuid:client_id>/passkeys/<uuid:passkey_id>/", passkeys.ClientPasskeyView.as_view(), name="passkey"),
    path("<uuid:client_id>/tags/", client_tags.ClientTagListView.as_view(), name="tags"),
    path("<uuid:client_id>/tags/<uuid:tag_id>/", client_tags.ClientTagView.as_view(), name="tag"),
    path("<uuid:client_id>/merge/<uuid:duplicate_id>/", merge_views.ClientMergeView.as_view(), name="merge"),
    path("<uuid:client_id>/export/", personal_data_views.ClientExportView.as_view(), name="export"),
    path("<uuid:client_id>/erasure/", personal_data_views.ClientErasureView.as_view(), name="erasure"),
]
