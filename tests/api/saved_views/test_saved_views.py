"""Tests of saved views of the client list in the business API."""

import pytest
from django.http import QueryDict

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import CustomField, CustomFieldKind, SavedView, Tag
from portal.clients.services import MAX_VIEWS
from tenants.context import use_business

pytestmark = pytest.mark.django_db
PATH = "saved-views/"
FILTERS = {
    "search": "ana",
    "status": "all",
    "source": "upload",
    "can_sign_in": "yes",
    "has_mobile": "no",
    "last_sign_in": "never",
}


@pytest.fixture
def tag(acme):
    """A tag of Acme's."""
    with use_business(acme):
        return Tag.objects.create(name="VIP")


@pytest.fixture
def field(acme):
    """A custom field of Acme's with yes and no."""
    with use_business(acme):
        return CustomField.objects.create(name="Newsletter", kind=CustomFieldKind.YES_NO)


def save(program, name="Regulars", **fields):
    """Save a view and return it."""
    answer = program.post(PATH, {"name": name, "filters": {}} | fields)
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.parametrize("choice", ["yes", "no"])
def test_a_view_is_saved_with_all_filters_as_the_page_reads_them(api_program, acme, tag, field, choice):
    program = api_program()
    filters = FILTERS | {"tag": [str(tag.pk)], "custom": [f"{field.pk}:{choice}"]}
    view = save(program, filters=filters, sort="-seen")
    assert view == view | {"name": "Regulars", "is_shared": False, "filters": filters, "sort": "-seen"}
    assert program.get(f"{PATH}{view['id']}/").json() == view
    assert program.get(PATH).json() == {"items": [view]}
    with use_business(acme):
        query = QueryDict(SavedView.objects.get().query)
    assert query.dict() == {
        "q": "ana",
        "tag": str(tag.pk),
        "status": "all",
        "source": "upload",
        "can": "yes",
        "mobile": "no",
        "seen": "never",
        f"f-{field.pk}": choice,
        "sort": "-seen",
    }


def test_a_view_that_was_saved_in_the_console_opens_the_same_list(api_program, staff_client, acme, field):
    program = api_program()
    query = f"status=blocked&f-{field.pk}=no&sort=added"
    staff_client("owner").post("/console/acme/clients/views/", {"name": "Old", "query": query, "shared": "on"})
    [view] = program.get(PATH).json()["items"]
    assert (view["name"], view["is_shared"], view["sort"]) == ("Old", True, "added")
    assert view["filters"] == {"status": "blocked", "custom": [f"{field.pk}:no"]}


def test_a_filter_by_what_is_gone_is_left_out(api_program, acme, field):
    program = api_program()
    view = save(program, filters={"custom": [f"{field.pk}:yes"], "search": "ana"})
    with use_business(acme):
        field.delete()
    assert program.get(f"{PATH}{view['id']}/").json()["filters"] == {"search": "ana"}


def test_a_view_is_its_owner_s_unless_it_is_shared(api_program):
    mine, others = api_program(), api_program()
    private, shared = save(mine), save(mine, "Everybody’s", is_shared=True)
    assert others.get(PATH).json() == {"items": [shared]}
    assert others.get(f"{PATH}{private['id']}/").status_code == 404
    assert others.delete(f"{PATH}{private['id']}/").status_code == 404
    assert others.delete(f"{PATH}{shared['id']}/").status_code == 204
    assert mine.get(PATH).json() == {"items": [private]}
    assert mine.delete(f"{PATH}{private['id']}/").status_code == 204
    assert mine.get(PATH).json() == {"items": []}


@pytest.mark.parametrize(
    "limits",
    [{"role": "read-only"}, {"scopes": ["clients:read", "saved-views:write"]}],
    ids=["by its maker", "by its scopes"],
)
def test_a_limited_key_keeps_views_of_its_own_and_changes_no_shared_one(api_program, limits):
    shared, program = save(api_program(), is_shared=True), api_program(**limits)
    for answer in (
        program.post(PATH, {"name": "Mine", "filters": {}, "is_shared": True}),
        program.delete(f"{PATH}{shared['id']}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    view = save(program, "Mine")
    assert program.get(PATH).json() == {"items": [view, shared]}
    assert program.delete(f"{PATH}{view['id']}/").status_code == 204


def test_reading_clients_doesn_t_include_saving_views(api_program):
    program = api_program(["clients:read"])
    assert program.get(PATH).status_code == 200
    assert program.post(PATH, {"name": "Mine", "filters": {}}).json()["code"] == "forbidden"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"filters": {}}, "name", "required"),
        ({"name": "A"}, "filters", "required"),
        ({"name": "\u200b ", "filters": {}}, "name", "blank"),
        ({"name": "A" * 61, "filters": {}}, "name", "max_length"),
        ({"name": "regulars", "filters": {}}, "name", "name_taken"),
        ({"name": "A", "filters": {}, "query": "q=ana"}, "query", "unknown_field"),
        ({"name": "A", "filters": {"mobile": "yes"}}, "filters.mobile", "unknown_field"),
        ({"name": "A", "filters": {"status": "gone"}}, "filters.status", "invalid_choice"),
        ({"name": "A", "filters": {"tag": ["1"]}}, "filters.tag[0]", "invalid"),
        ({"name": "A", "filters": {"custom": ["1:yes"]}}, "filters.custom[0]", "unknown_field"),
        ({"name": "A", "filters": {}, "sort": "age"}, "sort", "invalid_choice"),
        ({"name": "A", "filters": []}, "filters", "invalid"),
    ],
)
def test_a_wrong_field_is_named(api_program, body, field, code):
    program = api_program()
    save(program)
    answer = program.post(PATH, body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_a_request_that_is_sent_again_saves_one_view(api_program):
    program, body = api_program(), {"name": "Regulars", "filters": {}}
    first, again = (program.post(PATH, body, **{"Idempotency-Key": "view-1"}) for _time in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(program.get(PATH).json()["items"]) == 1


def test_a_view_that_is_still_the_same_is_not_sent_again(api_program):
    program = api_program()
    path = f"{PATH}{save(program)['id']}/"
    assert program.get(path, **{"If-None-Match": program.get(path).headers["ETag"]}).status_code == 304


def test_the_activity_names_shared_views_only(api_program, acme):
    program = api_program()
    save(program)
    save(program, "Everybody’s", is_shared=True)
    with use_business(acme):
        [entry] = Entry.objects.filter(event_type=ClientEvent.SAVED_VIEW_CHANGED)
    assert entry.data["after"] == {"name": "Everybody’s"}


def test_another_business_s_view_is_not_found(api_program, globex, now):
    with use_business(globex):
        view = SavedView.objects.create(name="Regulars", created_at=now)
    assert api_program().get(f"{PATH}{view.pk}/").status_code == 404
    assert api_program().delete(f"{PATH}{view.pk}/").status_code == 404


@pytest.mark.parametrize("is_shared", [True, False], ids=["shared", "one’s own"])
def test_a_view_beyond_the_limit_is_refused_in_words(api_program, acme, now, is_shared):
    program = api_program()
    save(program, is_shared=is_shared)
    with use_business(acme):
        person_id = SavedView.objects.get().person_id
        views = [SavedView(name=f"View {n}", person_id=person_id, created_at=now) for n in range(MAX_VIEWS - 1)]
        SavedView.objects.bulk_create(views)
    answer = program.post(PATH, {"name": "One more", "filters": {}, "is_shared": is_shared})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["detail"] == (
        "Everybody has 100 views of their own at most, and the business as many shared ones. Delete one first."
    )
    save(program, "One more", is_shared=not is_shared)
    assert len(program.get(PATH).json()["items"]) == MAX_VIEWS + 1
