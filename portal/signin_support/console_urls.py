"""Where is sign-in help?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.tabs import Tab
from portal.signin_support.console import clients, tickets
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Sign-in help"), url_name="signin-support", icon="lifebuoy", permission="support.view", position=60
)
TAB = Tab(label=_("Sign-in help"), url_name="signin-support-client", permission="support.view", position=60)

urlpatterns = [
    path("", clients.search, name="signin-support"),
    path("tickets/", tickets.listing, name="signin-support-tickets"),
    path("tickets/ask/", tickets.ask, name="ticket-ask"),
    path("tickets/<uuid:pk>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:pk>/close/", tickets.close, name="ticket-close"),
    path("clients/<uuid:pk>/", clients.client, name="signin-support-client"),
    path("clients/<uuid:pk>/live/", clients.live, name="signin-support-live"),
    path("clients/<uuid:pk>/ticket/", clients.ticket, name="signin-support-ticket"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/send/", clients.send, name="signin-support-send"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/code/", clients.hand_over, name="signin-support-code"),
    path("clients/<uuid:pk>/blocks/<uuid:suppression>/clear/", clients.clear, name="signin-support-clear"),
]
