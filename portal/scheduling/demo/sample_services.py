"""What the demo's businesses offer, who gives it, when and where."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.scheduling.models import (
    Acceptance,
    HoursException,
    LocationKind,
    OpeningHours,
    QuestionKind,
    Resource,
    Service,
    ServiceQuestion,
    StaffCalendar,
)
from tenants.models import Person
from tenants.nouns.demo_business import DemoBusiness

MORNING, AFTERNOON = (9 * 60, 13 * 60), (14 * 60, 18 * 60)
WEEKDAYS = range(5)


@dataclass(frozen=True)
class SampleService:
    """One service, with the names of the rooms it can take place in, and its questions."""

    values: dict[str, Any]
    rooms: tuple[str, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class SampleBusiness:
    """The calendars of a demo business, by name, with the member's address, and what all of them give."""

    calendars: dict[str, str]
    services: tuple[SampleService, ...]
    rooms: tuple[str, ...] = ()


PAIN = {"label": "Where does it hurt?", "kind": QuestionKind.LONG_TEXT, "is_required": True}
SAMPLES = {
    "acme": SampleBusiness(
        calendars={"Sabine Acker": "owner@acme.test", "Timo Berger": "staff@acme.test"},
        rooms=("Room 1", "Room 2"),
        services=(
            SampleService(
                {
                    "name": "First visit",
                    "description": "We talk about your complaint, examine you, and plan the treatment.",
                    "duration": 60,
                    "buffer_after": 15,
                    "price_amount": 8500,
                    "colour": "violet",
                    "location": "Torstraße 1, Berlin",
                    "policy_text": "Please cancel at least 24 hours before; otherwise we charge half the price.",
                },
                rooms=("Room 1", "Room 2"),
                questions=(PAIN,),
            ),
            SampleService(
                {
                    "name": "Physiotherapy",
                    "description": "Treatment by your plan.",
                    "duration": 30,
                    "buffer_after": 10,
                    "price_amount": 4800,
                    "colour": "blue",
                    "location": "Torstraße 1, Berlin",
                },
                rooms=("Room 1", "Room 2"),
            ),
            SampleService(
                {
                    "name": "Video consultation",
                    "description": "Questions about your exercises, from home.",
                    "duration": 20,
                    "price_amount": 3000,
                    "colour": "teal",
                    "location_kind": LocationKind.VIDEO,
                    "location": "https://video.example.com/acme",
                    "acceptance": Acceptance.BY_HAND,
                }
            ),
            SampleService(
                {
                    "name": "Back class",
                    "description": "Exercises in a group. Bring a towel.",
                    "duration": 60,
                    "price_amount": 1800,
                    "capacity": 8,
                    "colour": "amber",
                    "location": "Torstraße 1, Berlin, second floor",
                }
            ),
        ),
    ),
    "globex": SampleBusiness(
        calendars={"Gordon Pike": "owner@globex.test"},
        services=(
            SampleService(
                {
                    "name": "First consultation",
                    "description": "Half an hour to find out whether we can help.",
                    "duration": 30,
                    "price_amount": 12000,
                    "colour": "blue",
                    "acceptance": Acceptance.NEW_CLIENTS,
                    "location": "350 Fifth Avenue, New York",
                }
            ),
            SampleService(
                {
                    "name": "Call",
                    "description": "A call about your matter.",
                    "duration": 15,
                    "buffer_after": 5,
                    "colour": "teal",
                    "location_kind": LocationKind.PHONE,
                }
            ),
        ),
    ),
}


def create_calendars(demo_business: DemoBusiness, sample: SampleBusiness) -> list[StaffCalendar]:
    """Create the calendars, open on weekdays in the morning and in the afternoon, and closed on one day."""
    calendars = [
        StaffCalendar.objects.create(
            name=name,
            person_id=Person.objects.get(email=email).pk,
            time_zone=demo_business.business.time_zone,
            created_at=demo_business.business.created_at,
        )
        for name, email in sample.calendars.items()
    ]
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=starts, ends_minute=ends)
        for calendar in calendars
        for weekday in WEEKDAYS
        for starts, ends in (MORNING, AFTERNOON)
    )
    # After the last of the appointments.
    training_on = demo_business.now.date() + timedelta(days=28)
    HoursException.objects.create(starts_on=training_on, ends_on=training_on, label="Training day")
    return calendars


def create_services(
    demo_business: DemoBusiness, sample: SampleBusiness, calendars: list[StaffCalendar]
) -> list[Service]:
    """Create the services, which all calendars give, with their rooms and questions."""
    created_at = demo_business.business.created_at
    rooms = {name: Resource.objects.create(name=name, created_at=created_at) for name in sample.rooms}
    services = []
    for position, sample_service in enumerate(sample.services):
        service = Service.objects.create(
            price_currency=demo_business.business.currency,
            position=position,
            created_at=created_at,
            **sample_service.values,
        )
        service.calendars.set(calendars)
        service.resources.set(rooms[name] for name in sample_service.rooms)
        ServiceQuestion.objects.bulk_create(
            ServiceQuestion(service=service, position=number, **question)
            for number, question in enumerate(sample_service.questions)
        )
        services.append(service)
    return services
