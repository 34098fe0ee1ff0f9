"""Where is sign-in help?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.tabs import Tab
from portal.help import console, ticket_pages
from tenants.staff.sections import Section

SECTION = Section(
    label=_("Sign-in help"), url_name="sign-in-help", icon="lifebuoy", permission="help.view", position=60
)
TAB = Tab(label=_("Sign-in help"), url_name="sign-in-help-client", permission="help.view", position=60)

urlpatterns = [
    path("", console.search, name="sign-in-help"),
    path("tickets/", ticket_pages.listing, name="sign-in-help-tickets"),
    path("tickets/ask/", ticket_pages.ask, name="ticket-ask"),
    path("tickets/<uuid:pk>/", ticket_pages.ticket, name="ticket"),
    path("tickets/<uuid:pk>/close/", ticket_pages.close, name="ticket-close"),
    path("clients/<uuid:pk>/", console.client, name="sign-in-help-client"),
    path("clients/<uuid:pk>/live/", console.live, name="sign-in-help-live"),
    path("clients/<uuid:pk>/ticket/", console.ticket, name="sign-in-help-ticket"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/send/", console.send, name="sign-in-help-send"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/code/", console.hand_over, name="sign-in-help-code"),
    path("clients/<uuid:pk>/blocks/<uuid:suppression>/clear/", console.clear, name="sign-in-help-clear"),
]
