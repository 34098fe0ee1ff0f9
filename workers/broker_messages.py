"""What is a proper bell?"""

from dramatiq import Message


def is_valid_message(message: Message, queue_name: str) -> bool:
    """Tell whether a message has the form that workers rely on, and lies in the queue it names.

    dramatiq believes whatever can be decoded; a message that names another queue costs it a thread.
    """
    parts = (message.options, dict), (message.kwargs, dict), (message.actor_name, str), (message.message_id, str)
    return message.queue_name == queue_name and all(isinstance(part, kind) for part, kind in parts)
