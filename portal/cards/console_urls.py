"""Where is a client's card, and where are its tabs and deeds?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.console import contacts, leaving, merging, notes, overview, sessions, timeline
from portal.cards.tabs import Tab

OVERVIEW = Tab(label=_("Overview"), url_name="client", permission="clients.view", position=10)

urlpatterns = [
    path("<uuid:pk>/", overview.card, name="client"),
    path("<uuid:pk>/edit/", overview.edit, name="client-edit"),
    path("<uuid:pk>/tags/", overview.tag, name="client-tags"),
    path("<uuid:pk>/archive/", overview.archive, name="client-archive"),
    path("<uuid:pk>/block/", overview.block, name="client-block"),
    path("<uuid:pk>/restore/", overview.restore, name="client-restore"),
    path("<uuid:pk>/timeline/", timeline.timeline, name="client-timeline"),
    path("<uuid:pk>/contacts/", contacts.contacts, name="client-contacts"),
    path("<uuid:pk>/contacts/add/", contacts.add, name="client-contact-add"),
    path("<uuid:pk>/contacts/<uuid:contact>/", contacts.change, name="client-contact"),
    path("<uuid:pk>/contacts/<uuid:contact>/remove/", contacts.remove, name="client-contact-remove"),
    path("<uuid:pk>/contacts/<uuid:contact>/sign-in/", contacts.allow, name="client-contact-sign-in"),
    path("<uuid:pk>/contacts/<uuid:contact>/confirm/", contacts.confirm, name="client-contact-confirm"),
    path("<uuid:pk>/notes/", notes.notes, name="client-notes"),
    path("<uuid:pk>/notes/add/", notes.add, name="client-note-add"),
    path("<uuid:pk>/notes/<uuid:note>/", notes.change, name="client-note"),
    path("<uuid:pk>/notes/<uuid:note>/delete/", notes.delete, name="client-note-delete"),
    path("<uuid:pk>/sessions/", sessions.sessions, name="client-sessions"),
    path("<uuid:pk>/sessions/end/", sessions.end_all, name="client-sessions-end"),
    path("<uuid:pk>/sessions/<uuid:session>/end/", sessions.end, name="client-session-end"),
    path("<uuid:pk>/merge/", merging.choose, name="client-merge"),
    path("<uuid:pk>/merge/<uuid:other>/", merging.merge, name="client-merge-with"),
    path("<uuid:pk>/export/", leaving.export, name="client-export"),
    path("<uuid:pk>/erase/", leaving.erase, name="client-erase"),
]
