"""The console's URLs of bulk actions on the client list."""

from django.urls import path

from portal.bulk_actions.console import imported_clients, selected_clients

urlpatterns = [
    path("selected/tag/", selected_clients.tag_selected, name="clients-tag"),
    path("selected/archival/", selected_clients.archive_selected, name="clients-archival"),
    path("selected/invitation/", selected_clients.invite_selected, name="clients-invitation"),
    path("uploads/<uuid:pk>/invitation/", imported_clients.invite_imported, name="upload-invitation"),
]
