"""The console's URLs of a client's card, its tabs and its actions."""

from django.urls import path

from portal.cards.console import client_overview, contacts, data_requests, merging, notes, sessions, timeline

urlpatterns = [
    path("<uuid:pk>/", client_overview.show_client, name="client"),
    path("<uuid:pk>/edit/", client_overview.edit_client_details, name="client-edit"),
    path("<uuid:pk>/tags/", client_overview.change_tags, name="client-tags"),
    path("<uuid:pk>/archival/", client_overview.archive_client, name="client-archival"),
    path("<uuid:pk>/block/", client_overview.block_client, name="client-block"),
    path("<uuid:pk>/confirmation/", client_overview.confirm_client, name="client-confirmation"),
    path("<uuid:pk>/restoration/", client_overview.restore_client, name="client-restoration"),
    path("<uuid:pk>/timeline/", timeline.show_timeline, name="client-timeline"),
    path("<uuid:pk>/contacts/", contacts.list_contacts, name="client-contacts"),
    path("<uuid:pk>/contacts/new/", contacts.add_contact, name="client-contact-new"),
    path("<uuid:pk>/contacts/<uuid:contact>/", contacts.change_contact, name="client-contact"),
    path("<uuid:pk>/contacts/<uuid:contact>/removal/", contacts.remove_contact, name="client-contact-removal"),
    path("<uuid:pk>/contacts/<uuid:contact>/sign-in/", contacts.set_sign_in_allowed, name="client-contact-sign-in"),
    path(
        "<uuid:pk>/contacts/<uuid:contact>/confirmation/", contacts.confirm_contact, name="client-contact-confirmation"
    ),
    path("<uuid:pk>/notes/", notes.show_notes, name="client-notes"),
    path("<uuid:pk>/notes/new/", notes.add_note, name="client-note-new"),
    path("<uuid:pk>/notes/<uuid:note>/", notes.change_note, name="client-note"),
    path("<uuid:pk>/notes/<uuid:note>/deletion/", notes.delete_note, name="client-note-deletion"),
    path("<uuid:pk>/sessions/", sessions.list_sessions, name="client-sessions"),
    path("<uuid:pk>/sessions/end/", sessions.end_all_sessions, name="client-sessions-end"),
    path("<uuid:pk>/sessions/<uuid:session>/end/", sessions.end_session, name="client-session-end"),
    path("<uuid:pk>/merge/", merging.search_duplicate, name="client-merge"),
    path("<uuid:pk>/merge/<uuid:other>/", merging.merge_with_duplicate, name="client-merge-with"),
    path("<uuid:pk>/export/", data_requests.export_client, name="client-export"),
    path("<uuid:pk>/erasure/", data_requests.erase_client, name="client-erasure"),
]
