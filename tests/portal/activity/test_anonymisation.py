"""An anonymised entry keeps the data that the noun of its event calls non-personal, and nothing else."""

from django.db.models import TextChoices

from portal.activity.anonymisation import select_non_personal_data
from portal.activity.models import Entry
from tests.noun_apps import install_noun_apps, make_noun_app

DATA = {"room": "Green", "guest": "Ana", "channel": "email"}


class VisitEvent(TextChoices):
    """The events of a noun in these tests."""

    BEGUN = "visits.begun", "Begun"


def test_a_noun_says_which_keys_are_kept():
    with install_noun_apps(make_noun_app(event_types=VisitEvent, non_personal_event_keys=("room", "floor"))):
        assert select_non_personal_data(Entry(event_type="visits.begun", data=DATA)) == {"room": "Green"}


def test_keys_that_another_noun_keeps_are_removed():
    assert select_non_personal_data(Entry(event_type="messaging.bounced", data=DATA)) == {"channel": "email"}
    assert select_non_personal_data(Entry(event_type="clients.changed", data=DATA)) == {}


def test_an_entry_of_a_noun_that_was_removed_keeps_nothing():
    assert select_non_personal_data(Entry(event_type="visits.begun", data=DATA)) == {}
