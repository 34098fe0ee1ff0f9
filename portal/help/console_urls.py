"""Where is sign-in help?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.tabs import Tab
from portal.help.console import clients, tickets
from tenants.staff.sections import Section

SECTION = Section(
    label=_("Sign-in help"), url_name="sign-in-help", icon="lifebuoy", permission="help.view", position=60
)
TAB = Tab(label=_("Sign-in help"), url_name="sign-in-help-client", permission="help.view", position=60)

urlpatterns = [
    path("", clients.search, name="sign-in-help"),
    path("tickets/", tickets.listing, name="sign-in-help-tickets"),
    path("tickets/ask/", tickets.ask, name="ticket-ask"),
    path("tickets/<uuid:pk>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:pk>/close/", tickets.close, name="ticket-close"),
    path("clients/<uuid:pk>/", clients.client, name="sign-in-help-client"),
    path("clients/<uuid:pk>/live/", clients.live, name="sign-in-help-live"),
    path("clients/<uuid:pk>/ticket/", clients.ticket, name="sign-in-help-ticket"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/send/", clients.send, name="sign-in-help-send"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/code/", clients.hand_over, name="sign-in-help-code"),
    path("clients/<uuid:pk>/blocks/<uuid:suppression>/clear/", clients.clear, name="sign-in-help-clear"),
]
