"""What does a business say, and to whom? Each kind of row has a file of its own."""

from portal.messaging.models.message import Kind, Message
from portal.messaging.models.suppression import Suppression

__all__ = ["Kind", "Message", "Suppression"]
