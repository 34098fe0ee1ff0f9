"""What does a business say, and to whom? Each kind of row has a file of its own."""

from portal.messaging.models.line import LONGEST, WAITS, Line
from portal.messaging.models.message import Kind, Message
from portal.messaging.models.notice import Notice, NoticeKind, Wish
from portal.messaging.models.own_wording import OwnWording
from portal.messaging.models.suppression import Suppression

__all__ = ["LONGEST", "WAITS", "Kind", "Line", "Message", "Notice", "NoticeKind", "OwnWording", "Suppression", "Wish"]
