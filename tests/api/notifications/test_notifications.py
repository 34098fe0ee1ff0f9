"""Tests of the notifications of a member of staff in the business API."""

from datetime import timedelta

import pytest
from django.conf import settings

from portal.messaging.models import Notification, NotificationPreference
from portal.messaging.notifications.services import get_preferences
from tenants.context import use_business
from tenants.hostnames import build_absolute_url
from tenants.models import ApiKey

pytestmark = pytest.mark.django_db
PATH, PREFERENCES = "notifications/", "notifications/preferences/"


@pytest.fixture
def program(api_program):
    """A program of the member whose notifications are tested."""
    return api_program()


@pytest.fixture
def member(program):
    """The member who made its key."""
    return ApiKey.objects.select_related("membership").get().membership


@pytest.fixture
def notify(acme, now):
    """Return a function that notifies a member."""

    def notify(member, *, minutes=0):
        with use_business(acme):
            return Notification.objects.create(
                person_id=member.person_id,
                kind="new-message",
                subject="Ana",
                path="messages/",
                at=now - timedelta(minutes=minutes),
            )

    return notify


def test_notifications_are_listed_newest_first_and_marked_read(program, member, notify):
    older, newer = notify(member, minutes=1), notify(member)
    items = program.get(PATH).json()["items"]
    assert [(item["id"], item["read_at"]) for item in items] == [(str(newer.pk), None), (str(older.pk), None)]
    assert items[0]["url"] == build_absolute_url(settings.PLATFORM_HOST, "/console/acme/messages/")
    assert (items[0]["label"], items[0]["subject"]) == ("New message", "Ana")
    read = program.post(f"{PATH}{older.pk}/read-status/", None).json()
    assert read["read_at"]
    assert program.post(f"{PATH}{older.pk}/read-status/", None).json() == read
    assert program.post(f"{PATH}read-status/", None).json() == {"count": 1}
    assert all(item["read_at"] for item in program.get(PATH).json()["items"])


def test_notifications_are_read_in_pages(program, member, notify):
    wanted = [str(notify(member, minutes=minutes).pk) for minutes in range(3)]
    page = program.get(f"{PATH}?limit=2").json()
    rest = program.get(f"{PATH}?limit=2&cursor={page['next_cursor']}").json()
    assert [item["id"] for item in page["items"] + rest["items"]] == wanted
    assert rest["next_cursor"] is None
    assert program.get(f"{PATH}?kind=x").json()["errors"][0]["code"] == "unknown_field"


def test_another_member_s_notifications_are_not_found(api_program, acme, member, notify):
    theirs, other = notify(member), api_program()
    assert other.get(PATH).json()["items"] == []
    assert other.post(f"{PATH}{theirs.pk}/read-status/", None).status_code == 404
    assert other.post(f"{PATH}read-status/", None).json() == {"count": 0}
    with use_business(acme):
        assert Notification.objects.get().read_at is None


def test_preferences_are_read_and_changed(program, member, acme):
    before = program.get(PREFERENCES).json()["preferences"]
    assert {"kind": "new-message", "label": "New message", "method": "mail"} in before
    answer = program.patch(PREFERENCES, {"preferences": [{"kind": "new-message", "method": "off"}]})
    assert answer.status_code == 200, answer.content
    changed = [one | {"method": "off"} if one["kind"] == "new-message" else one for one in before]
    assert answer.json()["preferences"] == program.get(PREFERENCES).json()["preferences"] == changed
    with use_business(acme):
        assert get_preferences(member)["new-message"] == "off"
        assert [one.person_id for one in NotificationPreference.objects.all()] == [member.person_id]


@pytest.mark.parametrize(
    ("preferences", "field", "code"),
    [
        ([{"kind": "nothing", "method": "off"}], "preferences[0].kind", "invalid_choice"),
        ([{"kind": "new-message", "method": "fax"}], "preferences[0].method", "invalid_choice"),
        ([{"kind": "new-message"}], "preferences[0].method", "required"),
        ([{"kind": "new-message", "method": "off"}] * 2, "preferences[1].kind", "repeated"),
        ([{"kind": "new-message", "method": "off", "label": "x"}], "preferences[0].label", "read_only_field"),
    ],
)
def test_a_wrong_preference_is_named_and_nothing_is_saved(program, acme, preferences, field, code):
    answer = program.patch(PREFERENCES, {"preferences": preferences})
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    with use_business(acme):
        assert not NotificationPreference.objects.exists()


def test_a_kind_that_the_member_may_not_get_is_refused(api_program):
    program = api_program(role="read-only")
    kinds = {one["kind"] for one in program.get(PREFERENCES).json()["preferences"]}
    assert "job-stopped" not in kinds
    answer = program.patch(PREFERENCES, {"preferences": [{"kind": "job-stopped", "method": "mail"}]})
    assert answer.json()["errors"][0]["code"] == "invalid_choice"


def test_a_change_of_preferences_by_somebody_else_is_not_overwritten(program):
    seen = program.get(PREFERENCES).headers["ETag"]
    first, second = ({"preferences": [{"kind": "new-message", "method": method}]} for method in ("off", "console"))
    assert program.patch(PREFERENCES, first, **{"If-Match": seen}).status_code == 200
    refused = program.patch(PREFERENCES, second, **{"If-Match": seen})
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert program.get(PREFERENCES).headers["ETag"] != seen


def test_a_request_that_is_sent_again_is_done_once(program, member, notify):
    notify(member)
    answers = [program.post(f"{PATH}read-status/", None, **{"Idempotency-Key": "read-1"}) for _time in range(2)]
    assert [answer.json() for answer in answers] == [{"count": 1}, {"count": 1}]
