"""Where is the client list, and what is done from it?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.clients.console import adding, bulk, exporting, listing, tags, views
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(label=_("Clients"), url_name="clients", icon="users", permission="clients.view", position=10)

urlpatterns = [
    path("", listing.listing, name="clients"),
    path("add/", adding.add, name="client-add"),
    path("export/", exporting.export, name="clients-export"),
    path("chosen/tag/", bulk.tag, name="clients-tag"),
    path("chosen/archive/", bulk.archive, name="clients-archive"),
    path("chosen/invite/", bulk.invite, name="clients-invite"),
    path("views/", views.keep, name="client-views"),
    path("views/<uuid:pk>/remove/", views.forget, name="client-view-remove"),
    path("tags/", tags.tags, name="client-tags-all"),
    path("tags/<uuid:pk>/", tags.tag, name="client-tag"),
    path("tags/<uuid:pk>/remove/", tags.remove, name="client-tag-remove"),
]
