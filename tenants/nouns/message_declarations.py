"""What nouns declare of what people are sent: messages to clients, emails to staff, and notifications."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise


@dataclass(frozen=True)
class Placeholder:
    """A name in braces that a business can use in its own template of a message; `label` says what it stands for.

    `value` is the path of a function (context) that returns the text it is replaced by; without one, that is the
    context's variable of the same name. `sample` is this variable in previews. With `is_link` the text is an address
    in the portal.
    """

    name: str
    label: str | Promise
    value: str = ""
    sample: Any = None
    is_link: bool = False


@dataclass(frozen=True)
class MessageKind:
    """A kind of mail or text; its templates are the folder templates/messages/<key>/.

    With a `label`, businesses can write a mail of their own, in which `placeholders` are replaced besides those that
    every kind has, and with `is_sent_as_text` a text message too. `build_context` is the path of a function
    (message, now) that returns what the templates need besides the business, or None when the message is no longer
    wanted; such a message is sent by active businesses only. `build_attachments` is the path of a function
    (message, context) that returns the files of a mail as a sequence of `tenants.mail_attachments.MailAttachment`. It
    is given the context of the templates and called in the reader's language. `has_code` marks a message with a sign-in
    code, `is_to_staff` one to members of the business, and `is_about_access` a warning that no other business may
    delay: the limits of what one address is sent tell them apart. The timeline records `accepted_event_type` once the
    provider has accepted the message, instead of what it records of every other. Lower positions come first.
    """

    key: str
    label: str | Promise = ""
    placeholders: tuple[Placeholder, ...] = ()
    is_sent_as_text: bool = False
    has_code: bool = False
    is_to_staff: bool = False
    is_about_access: bool = False
    accepted_event_type: TextChoices | None = None
    build_context: str = ""
    build_attachments: str = ""
    position: int = 100


@dataclass(frozen=True)
class StaffEmailKind:
    """A kind of email from the platform to staff; its templates are the folder templates/messages/<key>/.

    `build_context` is the path of a function (staff_email, now) that returns what the templates need, with the
    address as `to`, or None when the email is no longer wanted. `has_code` marks an email with a sign-in code.
    """

    key: str
    build_context: str
    has_code: bool = False


@dataclass(frozen=True)
class NotificationKind:
    """A kind of notification for staff who have the permission to open the page that it leads to.

    Those who may write to clients are mailed as well, unless `is_mailed_by_default` is False. `is_obsolete` is the
    path of a function (notification) that tells whether its mail is no longer of use. Lower positions come first.
    """

    key: str
    label: str | Promise
    permission: str
    is_mailed_by_default: bool = True
    is_obsolete: str = ""
    position: int = 100
