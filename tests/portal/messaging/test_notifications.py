"""Tests of staff notifications: permissions, preferences, and one unread notification and mail for each row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.intake.kinds import IntakeNotification
from portal.messaging.kinds import ConversationNotification
from portal.messaging.models import Message, Notification, NotificationMethod
from portal.messaging.notifications import services as notifications
from tenants.context import use_business
from tenants.models import DeliveryState, Membership, Person, Role
from tenants.nouns import registry
from tests import factories
from tests.portal.messaging.messaging_steps import (
    count_pending_deliveries,
    create_listed_client,
    deliver_due,
    write_chat_message,
)


@pytest.fixture
def sabine(acme):
    return Membership.objects.get(person__email="owner@acme.test", business=acme)


@pytest.fixture
def read_only_member(acme):
    return factories.create_member(acme, "read-only")


def notify_of_message(**more):
    fields = {"subject": "Ana Pereira", "url_name": "messages", "now": timezone.now()}
    notifications.notify_staff(ConversationNotification.NEW_MESSAGE, **fields | more)


def set_notification_method(membership, method, kind=ConversationNotification.NEW_MESSAGE):
    notifications.save_preferences(membership=membership, preferences={kind: method})


def test_everybody_with_the_permission_is_notified_and_those_who_reply_get_emails(
    acme, sabine, read_only_member, outbox
):
    with use_business(acme):
        notify_of_message(mail_delay=timedelta(0))
        notified_people = {notification.person_id for notification in Notification.objects.all()}

    assert notified_people == {sabine.person_id, read_only_member.person_id}
    with use_business(acme):
        assert [message.to for message in Message.objects.all()] == ["owner@acme.test"]


def test_members_without_the_permission_are_not_notified(acme, sabine, read_only_member, monkeypatch):
    kind = replace(registry.get_notification_kinds()[ConversationNotification.NEW_MESSAGE], permission="team.manage")
    monkeypatch.setattr(registry, "get_notification_kinds", lambda: {kind.key: kind})
    with use_business(acme):
        notify_of_message()

        assert [notification.person_id for notification in Notification.objects.all()] == [sabine.person_id]
        assert ConversationNotification.NEW_MESSAGE not in notifications.get_preferences(read_only_member)


def test_members_of_another_business_are_not_notified(acme, globex, outbox):
    with use_business(acme):
        notify_of_message()
    with use_business(globex):
        assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("method", "notifications_made", "mails"),
    [(NotificationMethod.OFF, 0, 0), (NotificationMethod.CONSOLE, 1, 0), (NotificationMethod.MAIL, 1, 1)],
)
def test_each_member_is_notified_by_their_preference(acme, sabine, method, notifications_made, mails):
    with use_business(acme):
        set_notification_method(sabine, method)
        notify_of_message()
        assert Notification.objects.count() == notifications_made
    assert count_pending_deliveries() == mails


def test_notification_preferences_are_per_person_and_permission(acme, sabine, read_only_member):
    with use_business(acme):
        set_notification_method(sabine, NotificationMethod.OFF)

        assert notifications.get_preferences(sabine)[ConversationNotification.NEW_MESSAGE] == NotificationMethod.OFF
        assert notifications.get_preferences(sabine)[IntakeNotification.ENQUIRY] == NotificationMethod.MAIL
        assert (
            notifications.get_preferences(read_only_member)[ConversationNotification.NEW_MESSAGE]
            == NotificationMethod.CONSOLE
        )


def test_one_event_is_one_unread_notification_and_one_email_until_it_is_read(acme, sabine, now):
    with use_business(acme):
        client = create_listed_client()
        for minute in (0, 1, 2):
            fields = {"url_name": "conversation", "pk": client.pk, "mail_delay": timedelta(minutes=5)}
            notify_of_message(**fields, now=now + timedelta(minutes=minute))
        notification = Notification.objects.get()
        assert notification.at == now + timedelta(minutes=2)
        assert notification.path == f"messages/{client.pk}/"

        notifications.mark_read(notifications.list_notifications(sabine.person_id), now=now)
        notify_of_message(url_name="conversation", pk=client.pk, now=now + timedelta(minutes=3))
        assert Notification.objects.count() == 2
    assert count_pending_deliveries() == 2


def test_an_event_after_the_mail_was_sent_is_mailed_by_a_process_whose_clock_is_behind(acme, sabine, outbox, now):
    fields = {"url_name": "conversation", "mail_delay": timedelta(minutes=5)}
    with use_business(acme):
        client = create_listed_client()
        notify_of_message(pk=client.pk, **fields, now=now)
        write_chat_message(client)
    assert len(deliver_due(outbox)) == 1
    with use_business(acme):
        notify_of_message(pk=client.pk, **fields, now=now + timedelta(minutes=4))

    assert count_pending_deliveries() == 1


def test_a_mail_to_a_former_address_does_not_prevent_one_to_the_new_address(acme, sabine, now):
    with use_business(acme):
        client = create_listed_client()
        for email in (sabine.person.email, "other@acme.test"):
            Person.objects.filter(pk=sabine.person_id).update(email=email)
            notify_of_message(url_name="conversation", pk=client.pk, now=now)

        assert {message.to for message in Message.objects.all()} == {"owner@acme.test", "other@acme.test"}


def _mark_notifications_read(sabine):
    notifications.mark_read(notifications.list_notifications(sabine.person_id), now=timezone.now())


def _turn_off_emails(sabine):
    set_notification_method(sabine, NotificationMethod.CONSOLE)


def _change_email_address(sabine):
    Person.objects.filter(pk=sabine.person_id).update(email="other@acme.test")


def _delete_membership(sabine):
    sabine.delete()


@pytest.mark.parametrize(
    "change", [_mark_notifications_read, _turn_off_emails, _change_email_address, _delete_membership]
)
def test_the_mail_is_dropped_when_the_member_may_no_longer_get_it(acme, sabine, outbox, change):
    with use_business(acme):
        write_chat_message(create_listed_client())
        change(sabine)

    assert deliver_due(outbox) == []
    with use_business(acme):
        assert Message.objects.get().state == DeliveryState.EXPIRED


def test_no_notification_is_about_a_demo_client(acme, sabine):
    with use_business(acme):
        notify_of_message(client=create_listed_client(is_demo=True))

        assert not Notification.objects.exists()


def test_deleted_notifications_leave_no_name(acme, sabine):
    with use_business(acme):
        client = create_listed_client()
        notify_of_message(url_name="conversation", pk=client.pk)

        notifications.delete_notifications(subject_ids=[client.pk])

        assert not Notification.objects.exists()


def test_a_kind_that_no_noun_declares_is_refused(acme, sabine):
    with use_business(acme):
        with pytest.raises(notifications.UnknownNotificationKind):
            notifications.notify_staff("birthday", subject="Ana", url_name="messages", now=timezone.now())

        assert not Notification.objects.exists()


def test_a_notification_of_a_removed_noun_has_no_label_and_sends_no_mail(acme, sabine, outbox, monkeypatch):
    with use_business(acme):
        notify_of_message()
        assert str(Notification.objects.get().kind_label) == "New message"

    monkeypatch.setattr(registry, "get_notification_kinds", dict)

    with use_business(acme):
        assert Notification.objects.get().kind_label == ""
    assert deliver_due(outbox) == []


def test_an_area_flag_permits_notifications(acme, sabine):
    membership = factories.create_member(acme, Role.STAFF)
    with use_business(acme):
        for_managers = {
            key
            for key, kind in registry.get_notification_kinds().items()
            if kind.permission in ("uploads.run", "webhooks.manage", "scheduling.edit")
        }
        found = set(notifications.get_preferences(membership))
        assert found == set(registry.get_notification_kinds()) - for_managers
