"""Where do staff read and answer what clients write?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.tabs import Tab
from portal.inbox import console
from portal.messaging.conversations.services import unread_of
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Messages"),
    url_name="messages",
    icon="chat-bubble-left-right",
    permission="messages.view",
    position=50,
)

TAB = Tab(_("Messages"), "thread", "messages.view", position=25, count=unread_of, waits=True)

urlpatterns = [
    path("", console.inbox, name="messages"),
    path("<uuid:pk>/", console.thread, name="thread"),
    path("<uuid:pk>/live/", console.live, name="thread-live"),
    path("<uuid:pk>/write/", console.write, name="thread-write"),
]
