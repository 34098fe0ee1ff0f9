"""Lock appointments, and before them whatever else a change of theirs touches.

Everybody who changes appointments takes locks in this order, of which each leaves out what it doesn't need: the client
(or the network of somebody who has not signed in), the calendars, the rooms and equipment, the appointments, their
entries, the packages of the client. The client's lock guards what they wait for and are offered as well. Merging and
erasing a client begins with the client, and so must all others, since an entry of the timeline refers to the client.
"""

from uuid import UUID

from portal.clients.models import Client
from portal.scheduling.models import Appointment, AppointmentQuerySet


def lock_client(client_id: UUID | None) -> None:
    """Wait until nobody merges or erases a client, or books for them, and keep it so until the transaction ends."""
    if client_id:
        rows = Client.objects.select_for_update(of=["self"], no_key=True)
        list(rows.filter(pk=client_id).values_list("pk"))


def lock_appointment(appointment_id: UUID) -> Appointment:
    """Return an appointment that nobody else changes until the transaction ends. Raises Appointment.DoesNotExist."""
    lock_client(Appointment.objects.values_list("client_id", flat=True).get(pk=appointment_id))
    if appointment := lock_first(Appointment.objects.filter(pk=appointment_id)):
        return appointment
    raise Appointment.DoesNotExist


def lock_first(rows: AppointmentQuerySet, *, skip_locked: bool = False) -> Appointment | None:
    """Lock the first of these appointments and return it with its service, calendar and client; None without any.

    It is read again once it is locked: after a wait, PostgreSQL reads the locked row anew, but none that is joined.
    """
    locked = rows.select_for_update(of=["self"], no_key=True, skip_locked=skip_locked)
    pk = locked.values_list("pk", flat=True).first()
    if pk is None:
        return None
    return Appointment.objects.select_related("service", "entry__calendar", "client").get(pk=pk)
