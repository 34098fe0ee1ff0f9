"""What can be done with visits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from portal.activity import services as activity
from portal.branding.home_sections import HomeSectionContent, SignInPageLink
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.messaging import services as messaging
from portal.messaging.conversations.services import get_main_email
from portal.messaging.models import Message
from tenants.mail_attachments import MailAttachment
from tenants.models import Business, Channel, Outage, Queue, StaffEmail
from tenants.nouns.demo_business import DemoBusiness
from tenants.nouns.home_statistics import Statistic
from tenants.nouns.search_types import SearchParams, SearchResult
from tenants.purging import delete_batch
from tenants.staff.staff_actor import StaffActor
from tests.tenants.nouns.visits.kinds import VisitEvent, VisitMail
from tests.tenants.nouns.visits.models import Visit

RETENTION = timedelta(days=365)


def start_room_visit(*, client: Client, room: str, staff: StaffActor, now: datetime) -> Visit:
    """Begin a visit, and record who began it on the timeline."""
    visit = Visit.objects.create(client=client, room=room, created_at=now)
    activity.record_event(
        VisitEvent.VISIT_BEGUN,
        at=now,
        client=client,
        subject_id=visit.pk,
        room=room,
        **activity.get_actor_fields(staff),
    )
    return visit


def mail_visit_confirmation(*, visit: Visit, now: datetime) -> None:
    """Send the client a mail with the room."""
    message = messaging.build_message(
        VisitMail.CONFIRMED,
        channel=Channel.EMAIL,
        to=get_main_email(visit.client),
        client=visit.client,
        subject_id=visit.pk,
        now=now,
    )
    messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now + timedelta(days=1), now=now)


def build_mail_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the room of the visit, or None when the visit is over."""
    visit = Visit.objects.exclude_demo().filter(pk=message.subject_id, is_closed=False).first()
    return {"room": visit.room} if visit else None


def build_mail_attachments(message: Message, context: dict[str, Any]) -> list[MailAttachment]:
    """Return a file with the room of the visit."""
    return [MailAttachment("room.txt", "text/plain; charset=utf-8", context["room"].encode())]


def get_visiting_hours(business: Business) -> str:
    """Return the sentence about visiting hours that the business's mails can have."""
    return f"{business.name} is open until six."


def build_report_context(staff_email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the address of a member of staff and the number of visits."""
    return {"to": staff_email.person.email, **staff_email.data} if staff_email.person else None


def query_client_visits(client: Client) -> QuerySet[Visit]:
    """Return a client's visits."""
    return Visit.objects.filter(client=client)


def search_visits(search: SearchParams) -> list[SearchResult]:
    """Return the visits to rooms of this name."""
    url = reverse("console:visits", kwargs={"business": search.http_request.slug})
    found = Visit.objects.exclude_demo().filter(room__iexact=search.text)[:3]
    return [SearchResult(f"Visit to {visit.room}", url, "calendar") for visit in found]


def build_statistic(now: datetime) -> Statistic:
    """Return how many visits there were."""
    return Statistic("Visits", Visit.objects.exclude_demo().count(), "visits in all", "visits")


def build_visits_section(client: Client, portal_settings: PortalSettings, now: datetime) -> HomeSectionContent:
    """Return the home page's section with the client's visits."""
    return HomeSectionContent("visits/_section.html", {"visits": query_client_visits(client)})


def build_visiting_hours_link(portal_settings: PortalSettings, now: datetime) -> SignInPageLink:
    """Return the sign-in page's link to the visiting hours."""
    return SignInPageLink("Visiting hours", reverse("visits:hours"))


def close_old_visits(now: datetime) -> None:
    """Close the visits of the day before."""
    Visit.objects.filter(created_at__lt=now - timedelta(days=1)).update(is_closed=True)


def close_visit(visit_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Close one visit that has begun."""
    Visit.objects.filter(pk=visit_id, created_at__lte=clock()).update(is_closed=True)


def close_visits_in_outage(*, outage: Outage, now: datetime) -> None:
    """Close the visits that began before codes were delayed."""
    Visit.objects.filter(created_at__lt=outage.started_at).update(is_closed=True)


def purge_visits(now: datetime, limit: int) -> int:
    """Delete at most `limit` visits past their retention period; return how many."""
    return delete_batch(Visit.objects.filter(created_at__lt=now - RETENTION), limit)


def seed_demo_client(client: Client, now: datetime) -> None:
    """Let the demo client have visited once."""
    Visit.objects.create(client=client, room="Demo", created_at=now)


def seed_demo_business(demo: DemoBusiness) -> None:
    """Let one client of a demo business have visited once."""
    start_room_visit(
        client=Client.objects.exclude_demo().earliest("created_at"), room="Sample", staff=demo.staff, now=demo.now
    )
