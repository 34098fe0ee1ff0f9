"""The kinds of messages that nouns declare: which have a code, which a business can write, and their placeholders."""

from portal.messaging.message_templates.common_placeholders import COMMON_PLACEHOLDERS
from tenants.nouns import registry
from tenants.nouns.message_declarations import MessageKind, Placeholder
from tenants.senders import Sender


def list_code_message_kinds() -> list[str]:
    """Return the keys of the kinds with a sign-in code."""
    return [key for key, kind in registry.get_message_kinds().items() if kind.has_code]


def get_sender(kind: str) -> Sender:
    """Return the sender of a kind: codes have one of their own."""
    return Sender.CODES if kind in list_code_message_kinds() else Sender.NOTICES


def list_editable_mail_kinds() -> dict[str, MessageKind]:
    """Return the kinds whose mail a business can write, by their keys."""
    return {key: kind for key, kind in registry.get_message_kinds().items() if kind.label}


def list_editable_text_kinds() -> dict[str, MessageKind]:
    """Return the kinds whose text message a business can write, by their keys."""
    return {key: kind for key, kind in list_editable_mail_kinds().items() if kind.is_sent_as_text}


def get_placeholders(kind: str) -> dict[str, Placeholder]:
    """Return the placeholders of a declared kind, by their names."""
    offered = (*COMMON_PLACEHOLDERS, *registry.get_message_kinds()[kind].placeholders)
    return {placeholder.name: placeholder for placeholder in offered}
