"""Validation of messages that come from the broker."""

from dramatiq import Message


def is_valid_message(message: Message, queue_name: str) -> bool:
    """Return whether a message has fields of the right types and names the queue it was fetched from.

    dramatiq accepts whatever can be decoded; a message that names another queue ends one of its threads.
    """
    parts = (message.options, dict), (message.kwargs, dict), (message.actor_name, str), (message.message_id, str)
    return message.queue_name == queue_name and all(isinstance(part, kind) for part, kind in parts)
