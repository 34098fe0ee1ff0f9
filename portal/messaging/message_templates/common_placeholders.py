"""The placeholders that every kind of message has, and one that any kind may declare."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.message_declarations import Placeholder

VALUES = "portal.messaging.message_templates.placeholder_values"
COMMON_PLACEHOLDERS = (
    Placeholder("business", _("the name of your business"), value=f"{VALUES}.business_name"),
    Placeholder("portal", _("the address of your portal"), value=f"{VALUES}.portal_url", is_link=True),
)
SENT_AT = Placeholder("time", _("day and time, with the time zone"), value=f"{VALUES}.sent_at")
