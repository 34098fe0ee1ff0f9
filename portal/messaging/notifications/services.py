"""Notifications for staff: who gets them, by which method, and whether they were read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from portal.clients.models import Client
from portal.messaging import services as messaging
from portal.messaging.kinds import JobNotification, NotificationMailKind
from portal.messaging.mail_safe_names import filter_unsafe_name
from portal.messaging.models import Message, Notification, NotificationMethod, NotificationPreference
from tenants.context import get_current_business
from tenants.models import Business, Channel, Delivery, Membership, Queue
from tenants.nouns import registry
from tenants.nouns.job_declarations import RowJob
from tenants.nouns.message_declarations import NotificationKind
from tenants.staff.permissions import has_permission

# Members with this permission get mails unless they opted out: a missed message is worse than a mail too many.
MAILED_BY_DEFAULT_PERMISSION = "messages.send"
NO_DELAY = timedelta(0)
PAGE_SIZE = 50

# A notification, and the email address to which a mail about it goes.
Recipient = tuple[Notification, str]


class UnknownNotificationKind(LookupError):
    """No noun declares this kind of notification."""


@transaction.atomic
def notify_staff(
    kind: str,
    *,
    subject: str,
    url_name: str,
    pk: UUID | None = None,
    subject_id: UUID | None = None,
    client: Client | None = None,
    mail_delay: timedelta = NO_DELAY,
    now: datetime,
) -> None:
    """Notify every member of staff who has the permission and has not switched this kind off.

    The notification leads to the console page `url_name`, with `pk` as its argument where it takes one. `subject_id`
    is the key of the row it is about, by default `pk`.

    There is one unread notification for each person, kind and row: a further one updates it. Its mail is sent after
    `mail_delay`, unless it was read by then. Nobody is notified of what a demo client does. Raises
    UnknownNotificationKind when no noun declares this kind.
    """
    declared = _require_declared_kind(kind)
    if client and client.is_demo:
        return
    members = _list_permitted_members(declared)
    methods = _get_notification_methods(declared, members)
    notified = [member for member in members if methods[member.person_id] != NotificationMethod.OFF]
    person_ids, path = [member.person_id for member in notified], _build_console_path(url_name, pk)
    row_id = subject_id or pk
    updated, created = _update_or_create_notifications(
        kind, person_ids, subject=subject, path=path, subject_id=row_id, now=now
    )
    mailed = [member for member in notified if methods[member.person_id] == NotificationMethod.MAIL]
    recipients = _exclude_queued(_list_recipients(updated, mailed), now=now) + _list_recipients(created, mailed)
    _enqueue_mails(recipients, due_at=now + mail_delay, now=now)


def notify_of_stopped_job(*, job: RowJob, row_id: UUID, subject: str, now: datetime) -> None:
    """Notify staff of a row that can't be processed, with a link to its page."""
    if job.url_name:
        notify_staff(JobNotification.STOPPED, subject=subject, url_name=job.url_name, pk=row_id, now=now)


def list_notifications(person_id: UUID) -> QuerySet[Notification]:
    """Return the notifications of one member of staff, the newest first."""
    return Notification.objects.filter(person_id=person_id).order_by("-at", "-pk")


def mark_read(notifications: QuerySet[Notification], *, now: datetime) -> int:
    """Mark notifications as read and return how many were unread."""
    return notifications.filter(read_at=None).update(read_at=now)


def delete_notifications(*, subject_ids: Sequence[UUID]) -> int:
    """Delete every notification about these rows, for the erasure of the person its subject names; return how many."""
    return Notification.objects.filter(subject_id__in=subject_ids).delete()[0]


def get_preferences(membership: Membership) -> dict[str, NotificationMethod]:
    """Return the method by which a member gets each kind of notification that they may get."""
    kinds = [kind for kind in registry.get_notification_kinds().values() if has_permission(membership, kind.permission)]
    saved = NotificationPreference.objects.filter(person_id=membership.person_id)
    methods = dict(saved.values_list("kind", "method"))
    return {
        kind.key: NotificationMethod(methods.get(kind.key, _get_default_notification_method(kind, membership)))
        for kind in kinds
    }


@transaction.atomic
def save_preferences(*, membership: Membership, preferences: dict[str, NotificationMethod]) -> None:
    """Save the method by which a member wants to get each kind of notification."""
    rows = [
        NotificationPreference(person_id=membership.person_id, kind=kind, method=method)
        for kind, method in preferences.items()
    ]
    NotificationPreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person_id", "kind"], update_fields=["method"]
    )


def build_mail_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of the mail about a notification.

    None when the mail should no longer be sent: the notification was read, or its person may not or will not get it.
    """
    notification = _find_unread_notification(message.subject_id) if message.subject_id else None
    kind = registry.get_notification_kinds().get(notification.kind) if notification else None
    if notification is None or kind is None or _is_notification_obsolete(kind, notification):
        return None
    member = next((one for one in _list_permitted_members(kind) if one.person_id == notification.person_id), None)
    if (
        member is None
        or member.person.email != message.to
        or _get_notification_methods(kind, [member])[member.person_id] != NotificationMethod.MAIL
    ):
        return None
    return {
        "notification_kind": kind.label,
        "notification_subject": filter_unsafe_name(notification.subject),
        "notification_path": f"notifications/{notification.pk}/",
    }


def delete_notifications_of_member(*, person_id: UUID, now: datetime) -> None:
    """Delete a former member's notifications and preferences."""
    Notification.objects.filter(person_id=person_id).delete()
    NotificationPreference.objects.filter(person_id=person_id).delete()


def _require_declared_kind(kind: str) -> NotificationKind:
    declared = registry.get_notification_kinds().get(kind)
    if declared is None:
        raise UnknownNotificationKind(kind)
    return declared


def _find_unread_notification(pk: UUID) -> Notification | None:
    return Notification.objects.filter(pk=pk, read_at=None).first()


def _is_notification_obsolete(kind: NotificationKind, notification: Notification) -> bool:
    return bool(kind.is_obsolete) and registry.import_dotted_path(kind.is_obsolete)(notification)


def _list_permitted_members(kind: NotificationKind) -> list[Membership]:
    members = Membership.objects.filter(business=_require_business(), person__is_active=True).select_related("person")
    return [member for member in members if has_permission(member, kind.permission)]


def _get_notification_methods(kind: NotificationKind, members: Iterable[Membership]) -> dict[UUID, str]:
    """Return the method for each member, by `person_id`: the one they chose, else the default."""
    defaults = {member.person_id: _get_default_notification_method(kind, member) for member in members}
    saved = NotificationPreference.objects.filter(kind=kind.key, person_id__in=defaults)
    return defaults | dict(saved.values_list("person_id", "method"))


def _get_default_notification_method(kind: NotificationKind, member: Membership) -> NotificationMethod:
    if kind.is_mailed_by_default and has_permission(member, MAILED_BY_DEFAULT_PERMISSION):
        return NotificationMethod.MAIL
    return NotificationMethod.CONSOLE


def _update_or_create_notifications(
    kind: str, person_ids: list[UUID], *, subject: str, path: str, subject_id: UUID | None, now: datetime
) -> tuple[list[Notification], list[Notification]]:
    """Update each person's unread notification about the same row, or create one; return those updated and created."""
    same = Notification.objects.filter(kind=kind, path=path, subject_id=subject_id, read_at=None)
    unread = same.filter(person_id__in=person_ids)
    existing = {notification.person_id: notification for notification in unread}
    if existing:
        unread.update(at=now, subject=subject[:160])
    new = [
        Notification(person_id=person_id, kind=kind, subject=subject[:160], path=path, subject_id=subject_id, at=now)
        for person_id in person_ids
        if person_id not in existing
    ]
    return list(existing.values()), Notification.objects.bulk_create(new)


def _list_recipients(notifications: Iterable[Notification], mailed: Iterable[Membership]) -> list[Recipient]:
    addresses = {member.person_id: member.person.email for member in mailed}
    return [(each, addresses[each.person_id]) for each in notifications if each.person_id in addresses]


def _exclude_queued(recipients: list[Recipient], *, now: datetime) -> list[Recipient]:
    """Leave out those to whom a mail about their notification is queued already: it will report this as well."""
    queued = messaging.lock_queued_messages(NotificationMailKind.STAFF_NOTIFICATION, now=now)
    queued = queued.filter(subject_id__in=[notification.pk for notification, _to in recipients])
    already = set(queued.values_list("subject_id", "to"))
    return [(notification, to) for notification, to in recipients if (notification.pk, to) not in already]


def _enqueue_mails(recipients: list[Recipient], *, due_at: datetime, now: datetime) -> None:
    """Enqueue a mail about each notification."""
    messages = [_build_mail(notification, to, now=now) for notification, to in recipients]
    deadline = due_at + settings.NOTIFICATION_LIFETIME
    Message.objects.bulk_create(messages)
    Delivery.objects.bulk_create(
        messaging.build_delivery(message, queue=Queue.NOTICES, due_at=due_at, deadline=deadline, now=now)
        for message in messages
    )


def _build_mail(notification: Notification, to: str, *, now: datetime) -> Message:
    return messaging.build_message(
        NotificationMailKind.STAFF_NOTIFICATION,
        channel=Channel.EMAIL,
        to=to,
        language=_require_business().language,
        subject_id=notification.pk,
        now=now,
    )


def _build_console_path(url_name: str, pk: UUID | None) -> str:
    """Return a page's path below the business's console; the slug before it may change."""
    arguments: dict[str, Any] = {"business": "x"}
    # A client's request uses the portal's URLs; the console's are those of the platform.
    urlconf = settings.PUBLIC_SCHEMA_URLCONF
    path = reverse(f"console:{url_name}", urlconf, kwargs=arguments | ({"pk": pk} if pk else {}))
    return path.removeprefix(reverse("console:home", urlconf, kwargs=arguments))


def _require_business() -> Business:
    business = get_current_business()
    assert business, "notifications belong to a business"
    return business
