"""Custom fields are put in order on the settings page."""

import re
from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.clients.models import CustomField
from portal.clients.services import change_custom_field, move_custom_field
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently

PAGE = "/console/acme/settings/client-fields/"


def create_custom_fields(acme):
    with use_business(acme):
        # All on one place, as fields were that came before there was an order.
        return {name: CustomField.objects.create(name=name, position=1).pk for name in ("Age", "Birthday", "City")}


def list_field_names(acme):
    with use_business(acme):
        return [field.name for field in CustomField.objects.all()]


@pytest.fixture
def custom_fields(acme):
    return create_custom_fields(acme)


@pytest.mark.parametrize(
    ("which", "to", "order"),
    [
        ("City", "up", ["Age", "City", "Birthday"]),
        ("Age", "down", ["Birthday", "Age", "City"]),
        ("Age", "up", ["Age", "Birthday", "City"]),
        ("City", "down", ["Age", "Birthday", "City"]),
    ],
)
def test_a_field_swaps_with_its_neighbour(acme, custom_fields, staff_client, which, to, order):
    answer = staff_client("owner").post(f"{PAGE}{custom_fields[which]}/position/", {"to": to})

    assert answer.headers["Location"] == f"{PAGE}#field-{custom_fields[which]}"
    assert list_field_names(acme) == order
    with use_business(acme):
        moves = [entry.data["after"]["order"] for entry in Entry.objects.all()]
    assert moves == ([order] if order != ["Age", "Birthday", "City"] else []), "only a move is written down"


def test_the_first_and_last_field_have_disabled_buttons(custom_fields, staff_client):
    page = staff_client("owner").get(PAGE).content.decode()
    assert re.findall(r'value="(\w+)"\s+disabled', page) == ["up", "down"]
    assert "Move Birthday up" in page


def test_concurrent_moves_are_all_applied(committed_db, acme, staff_client):
    with use_business(acme):
        made = [CustomField.objects.create(name=f"Field {place}", position=place) for place in range(1, 9)]
    browsers = [staff_client("owner") for _each in range(7)]
    run_concurrently(lambda browser: browser.post(f"{PAGE}{made[-1].pk}/position/", {"to": "up"}).status_code, browsers)

    assert list_field_names(acme)[0] == "Field 8"


def test_moving_a_removed_field_changes_nothing(acme, custom_fields, now):
    with use_business(acme):
        field = CustomField.objects.get(name="City")
        CustomField.objects.filter(name="City").delete()
        move_custom_field(field=field, up=True, staff=StaffActor(uuid4(), "Sabine", None), now=now)

    assert list_field_names(acme) == ["Age", "Birthday"]


def test_renaming_a_field_keeps_the_order_that_somebody_made_meanwhile(acme, custom_fields, now):
    staff = StaffActor(uuid4(), "Sabine", None)
    with use_business(acme):
        read_before = CustomField.objects.get(name="Age")
        move_custom_field(field=read_before, up=False, staff=staff, now=now)
        change_custom_field(field=read_before, name="Age in years", choices=[], staff=staff, now=now)

    assert list_field_names(acme) == ["Birthday", "Age in years", "City"]
