"""URLs of the client list and its actions."""

from django.urls import path

from portal.clients.console import client_creation_page, client_list, exports, saved_views, tags

urlpatterns = [
    path("", client_list.list_clients, name="clients"),
    path("new/", client_creation_page.create_client, name="client-new"),
    path("export/", exports.export_clients, name="clients-export"),
    path("views/", saved_views.save_view, name="saved-views"),
    path("views/<uuid:pk>/removal/", saved_views.delete_view, name="saved-view-removal"),
    path("tags/", tags.list_tags, name="tags"),
    path("tags/<uuid:pk>/", tags.edit_tag, name="tag"),
    path("tags/<uuid:pk>/removal/", tags.delete_tag, name="tag-removal"),
]
