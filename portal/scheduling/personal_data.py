"""What happens to a client's appointments when clients are merged, erased or exported."""

import uuid
from collections import Counter
from datetime import datetime
from operator import attrgetter

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.services.submission_matching import lock_submission_matching
from portal.messaging.notifications import services as notifications
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, CalendarFeed, PackageSession
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services.calendar_entries import release_seats
from portal.scheduling.services.expired_holds import delete_hold
from portal.scheduling.services.package_sessions import close_session, return_sessions
from portal.scheduling.services.waiting_list.merging import merge_waiting_list_entries
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _merge_appointments(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    """Move the appointments; of two seats in one group's time, the survivor keeps theirs and the other is freed."""
    both = Appointment.objects.filter(client__in=[survivor_id, duplicate_id], state__in=SEATED_STATES)
    seats = list(both.select_for_update(of=["self"], no_key=True).order_by("pk"))
    taken = {seat.entry_id for seat in seats if seat.client_id == survivor_id}
    for seat in sorted(seats, key=attrgetter("entry_id")):
        if seat.client_id == duplicate_id and seat.entry_id in taken:
            _free_second_seat(seat, now)
    Appointment.objects.filter(client=duplicate_id).update(client=survivor_id)


def _free_second_seat(seat: Appointment, now: datetime) -> None:
    """Cancel one of two seats of the same person; what was only held leaves no trace."""
    if seat.state == AppointmentState.HELD:
        delete_hold(seat)
        return
    seat.state, seat.updated_at = AppointmentState.CANCELLED, now
    seat.save(update_fields=["state", "updated_at"])
    release_seats(seat.entry_id)
    close_session(seat, now=now)


def _erase_appointments(person: PersonIdentity, now: datetime) -> int:
    """Delete the person's appointments, free their seats, and remove their addresses from those of other clients."""
    ids = [*_find_client_appointments(person), *_find_appointments_by_address(person)]
    locked = Appointment.objects.filter(pk__in=ids).select_for_update(of=["self"], no_key=True).order_by("pk")
    freed = Counter(appointment.entry_id for appointment in locked if appointment.state in SEATED_STATES)
    others_sessions = _find_sessions_of_others(ids, person)
    notifications.delete_notifications(subject_ids=ids)
    Appointment.objects.filter(pk__in=ids).delete()
    for entry_id, count in sorted(freed.items()):
        release_seats(entry_id, count=count)
    CalendarEntry.objects.filter(pk__in=freed, is_active=False, appointments=None).delete()
    return_sessions(others_sessions, now=now)
    for column in ("contact_email", "contact_mobile"):
        Appointment.objects.filter(**{f"{column}__in": person.addresses}).update(**{column: ""})
    return len(ids)


def _find_sessions_of_others(appointment_ids: list[uuid.UUID], person: PersonIdentity) -> list[uuid.UUID]:
    """Return the sessions that these appointments have taken from packages of clients who stay."""
    taken = PackageSession.objects.filter(appointment__in=appointment_ids).exclude(client__in=person.client_ids)
    return list(taken.values_list("pk", flat=True))


def _find_client_appointments(person: PersonIdentity) -> list[uuid.UUID]:
    return list(Appointment.objects.filter(client__in=person.client_ids).values_list("pk", flat=True))


def _find_appointments_by_address(person: PersonIdentity) -> list[uuid.UUID]:
    """Return appointments that were booked with one of their addresses: of others' only what has their name, too."""
    matcher = MentionMatcher(person)
    addresses = person.addresses | person.shared_addresses
    has_address = Q(contact_email__in=addresses) | Q(contact_mobile__in=addresses)
    found = Appointment.objects.exclude(client__in=person.client_ids).filter(has_address)
    return [
        appointment.pk
        for appointment in found.only("client", "contact_name", "contact_email", "contact_mobile")
        if matcher.has_name(appointment.contact_name)
        or (
            appointment.client_id is None and person.addresses & {appointment.contact_email, appointment.contact_mobile}
        )
    ]


def _merge_feeds(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    """End the duplicate's feed, which would become that of a card with more on it than its reader knew."""
    own = CalendarFeed.objects.filter(client=duplicate_id)
    own.filter(revoked_at=None).update(revoked_at=now)
    own.update(client=survivor_id)


def _erase_no_row(person: PersonIdentity, now: datetime) -> int:
    """Leave what staff wrote beside their own times; a mention of the person in it is removed as in all texts."""
    return 0


POLICIES = (
    PersonalDataPolicy(
        "appointments",
        "scheduling.Appointment",
        _("Appointments"),
        ordering="starts_at",
        excluded_columns=(
            "entry",
            "service",
            "series",
            "series_position",
            "hold_key",
            "hold_expires_at",
            "network_digest",
            "version",
            "is_overbooked",
        ),
        merge=_merge_appointments,
        erase=_erase_appointments,
        # A worker that matches an appointment with the client meanwhile would add it to the erased card.
        lock=lock_submission_matching,
        free_texts=("note", "answers", "reason"),
    ),
    PersonalDataPolicy(
        "appointment-series",
        "scheduling.AppointmentSeries",
        _("Repeating appointments"),
        ordering="created_at",
        excluded_columns=("service", "calendar", "request_key"),
    ),
    PersonalDataPolicy(
        "calendar-feeds",
        "scheduling.CalendarFeed",
        _("Calendar feeds"),
        excluded_columns=("calendar", "person_id"),
        merge=_merge_feeds,
    ),
    PersonalDataPolicy(
        "waiting-list",
        "scheduling.WaitingListEntry",
        _("Waiting list"),
        excluded_columns=("service", "calendar"),
        merge=merge_waiting_list_entries,
    ),
    PersonalDataPolicy(
        "blocked-times",
        "scheduling.CalendarEntry",
        moves_on_merge=False,
        erase=_erase_no_row,
        free_texts=("title",),
        erasure_label=_("Blocked times"),
    ),
    PersonalDataPolicy(
        "hours-exceptions",
        "scheduling.HoursException",
        moves_on_merge=False,
        erase=_erase_no_row,
        free_texts=("label",),
        erasure_label=_("Days off and other hours"),
    ),
    PersonalDataPolicy(
        "session-packages",
        "scheduling.ClientPackage",
        _("Packages"),
        ordering="given_at",
        excluded_columns=("package",),
        free_texts=("note",),
    ),
    PersonalDataPolicy(
        "package-sessions",
        "scheduling.PackageSession",
        _("Sessions of packages"),
        excluded_columns=("client_package", "appointment"),
        free_texts=("reason",),
    ),
)
