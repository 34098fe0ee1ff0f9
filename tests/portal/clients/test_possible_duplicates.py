"""Suggestions about cards with one address stay small, however many cards have it."""

import pytest
from django.db.models.signals import post_init

from portal.clients.identifiers import Identifier
from portal.clients.models import Contact, ContactKind, ContactSource, Suggestion
from portal.clients.services.contacts import add_contact
from portal.clients.services.possible_duplicates import MAX_OTHERS, suggest_duplicates
from tests.factories import ClientFactory, ContactFactory

pytestmark = pytest.mark.usefixtures("in_acme")

SWITCHBOARD = "+493023125120"


@pytest.fixture
def loaded():
    """The values of the contacts that were loaded since the list was last cleared."""
    values = []

    def add_value(instance, **kwargs):
        values.append(instance.value)

    post_init.connect(add_value, sender=Contact)
    yield values
    post_init.disconnect(add_value, sender=Contact)


def add_cards(number, **fields):
    return [ContactFactory(client=ClientFactory(), value=SWITCHBOARD, **fields).client for _ in range(number)]


def test_a_confirmed_number_of_many_cards_is_read_for_the_new_card_only(now, loaded):
    new, *_others = add_cards(MAX_OTHERS + 5)
    loaded.clear()

    suggest_duplicates([new.pk], [SWITCHBOARD], source="staff", now=now)

    assert loaded == [SWITCHBOARD]
    assert not Suggestion.objects.exists()


def test_an_unconfirmed_number_of_many_cards_is_asked_about_with_the_first_of_them(now, loaded):
    add_cards(MAX_OTHERS + 5)
    [new] = add_cards(1, confirmed_at=None)
    loaded.clear()

    suggest_duplicates([new.pk], [SWITCHBOARD], source="staff", now=now)

    assert len(Suggestion.objects.get(client=new).submitted_data["clients"]) == MAX_OTHERS
    assert len(loaded) <= MAX_OTHERS + 3


def test_many_cards_with_one_unconfirmed_number_are_each_asked_about_with_a_few_others(now, loaded):
    cards = add_cards(2 * MAX_OTHERS, confirmed_at=None)
    loaded.clear()

    suggest_duplicates([card.pk for card in cards], [SWITCHBOARD], source="staff", now=now)

    found = {suggestion.client_id: suggestion.submitted_data["clients"] for suggestion in Suggestion.objects.all()}
    assert found.keys() == {card.pk for card in cards}
    assert {len(others) for others in found.values()} == {MAX_OTHERS}
    assert not any(str(key) in others for key, others in found.items())
    assert len(loaded) <= 3 * MAX_OTHERS + 1


def test_a_confirmed_number_is_asked_about_with_the_unconfirmed_ones_alone(now):
    add_cards(3)
    [unconfirmed] = add_cards(1, confirmed_at=None)
    [new] = add_cards(1)

    suggest_duplicates([new.pk], [SWITCHBOARD], source="staff", now=now)

    assert Suggestion.objects.get().submitted_data == {"clients": [str(unconfirmed.pk)]}


@pytest.mark.parametrize("is_demo", [False, True])
def test_nobody_is_asked_about_the_new_address_of_a_client_who_is_not_listed(now, is_demo):
    [unconfirmed] = add_cards(1, confirmed_at=None)
    client = ClientFactory(is_demo=is_demo)
    number = Identifier(ContactKind.PHONE, SWITCHBOARD)

    add_contact(client=client, identifier=number, source=ContactSource.STAFF, now=now)

    asked = [(each.client_id, each.submitted_data["clients"]) for each in Suggestion.objects.all()]
    assert asked == ([] if is_demo else [(client.pk, [str(unconfirmed.pk)])])
