"""The console's URLs of the inbox and the conversations, with its entry in the navigation and its tab on the card."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.cards.tabs import Tab
from portal.inbox import console
from portal.messaging.conversations.services import unread_from_client
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Messages"),
    url_name="messages",
    icon="chat-bubble-left-right",
    permission="messages.view",
    position=50,
)

TAB = Tab(_("Messages"), "conversation", "messages.view", position=25, count=unread_from_client, needs_attention=True)

urlpatterns = [
    path("", console.inbox, name="messages"),
    path("<uuid:pk>/", console.conversation, name="conversation"),
    path("<uuid:pk>/live/", console.live, name="conversation-live"),
    path("<uuid:pk>/messages/", console.send_message, name="conversation-messages"),
]
