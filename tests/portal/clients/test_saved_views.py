"""Saved views of the client list: whose they are, who may share one, and how many there can be."""

import re

import pytest
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients import services
from portal.clients.kinds import ClientEvent
from portal.clients.models import MAX_VIEW_NAME_LENGTH, SavedView
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked

LIST = "/console/acme/clients/"
VIEWS = f"{LIST}views/"
LIMIT = "There can be 100 views of your own and 100 shared ones at most. Delete one first."


@pytest.fixture(autouse=True)
def _bo(acme):
    """A client: an empty list shows no views."""
    with use_business(acme):
        ClientFactory(name="Bo Lind")


def list_saved_views(browser):
    """Return the text of each saved view that a member of staff can open."""
    return re.findall(r'<a\s+class="saved-view"[^>]*>\s*([^<]*?)\s*<', browser.get(LIST).content.decode())


def save(browser, name, **fields):
    """Save a view by the form of the list, and return the page that answers."""
    return browser.post(VIEWS, {"name": name, "query": "q=bo"} | fields, follow=True).content.decode()


def create_views(count, *, person_id=None):
    """Save many views at once, shared ones or somebody’s own."""
    views = [SavedView(name=f"View {n}", person_id=person_id, created_at=timezone.now()) for n in range(count)]
    SavedView.objects.bulk_create(views)


def test_a_saved_view_is_private_unless_it_is_shared(staff_client, acme):
    sabine, gordon = staff_client("staff"), staff_client("manager")
    save(sabine, "Mine", query="status=blocked&cursor=x")
    save(sabine, "Ours", shared="yes")
    pages = [list_saved_views(browser) for browser in (sabine, gordon)]
    assert ["Mine" in page for page in pages] == [True, False]
    assert ["Ours" in page for page in pages] == [True, True]
    with use_business(acme):
        mine, ours = SavedView.objects.get(name="Mine"), SavedView.objects.get(name="Ours")
        assert mine.query == "status=blocked"
    assert gordon.post(f"{VIEWS}{mine.pk}/removal/").status_code == 404
    assert gordon.post(f"{VIEWS}{ours.pk}/removal/").status_code == 302
    with use_business(acme):
        lines = Entry.objects.filter(event_type=ClientEvent.SAVED_VIEW_CHANGED).order_by("at")
        assert [line.data for line in lines] == [{"after": {"name": "Ours"}}, {"before": {"name": "Ours"}}]


def test_who_may_not_edit_clients_keeps_views_of_their_own_and_changes_no_shared_one(staff_client, acme):
    reader = staff_client("read-only")
    save(staff_client("staff"), "Ours", shared="yes")
    with use_business(acme):
        ours = SavedView.objects.get()
    assert reader.post(VIEWS, {"name": "Theirs", "query": "", "shared": "yes"}).status_code == 403
    assert reader.post(f"{VIEWS}{ours.pk}/removal/").status_code == 403
    save(reader, "Theirs")
    with use_business(acme):
        theirs = SavedView.objects.exclude(pk=ours.pk).get()
    assert theirs.person_id
    assert reader.post(f"{VIEWS}{theirs.pk}/removal/").status_code == 302


@pytest.mark.parametrize("name", ["", " \u200b ", "A" * (MAX_VIEW_NAME_LENGTH + 1)])
def test_a_view_needs_a_name_that_is_not_too_long(staff_client, acme, name):
    assert "Enter a name of up to 60 characters." in save(staff_client("staff"), name)
    with use_business(acme):
        assert not SavedView.objects.exists()


def test_two_views_of_one_person_have_different_names(staff_client):
    browser = staff_client("staff")
    save(browser, "Regulars")
    assert "A view with this name already exists." in save(browser, "regulars")
    assert "View saved." in save(browser, "Regulars", shared="yes")


def test_there_are_so_many_views_of_one_s_own_and_as_many_shared_ones(staff_client, acme):
    sabine, gordon = staff_client("staff"), staff_client("manager")
    save(sabine, "Mine")
    with use_business(acme):
        create_views(services.MAX_VIEWS - 1, person_id=SavedView.objects.get().person_id)
        create_views(services.MAX_VIEWS - 1)
    assert LIMIT in save(sabine, "One more")
    assert "View saved." in save(sabine, "The last one", shared="yes")
    assert LIMIT in save(gordon, "One more", shared="yes")
    assert "View saved." in save(gordon, "One more")
    assert "One more" not in list_saved_views(sabine)


@pytest.mark.usefixtures("committed_db")
def test_two_requests_never_save_the_last_view_both(acme, staff_actor):
    def save_view(name):
        return services.save_view(
            business=acme,
            name=name,
            query="",
            is_shared=True,
            may_share=True,
            staff=staff_actor,
            now=timezone.now(),
        )

    with use_business(acme):
        create_views(services.MAX_VIEWS - 1)
    with run_blocked(lambda: save_view("Too late"), business=acme) as results, use_business(acme):
        save_view("In time")
    assert [type(result) for result in results] == [services.TooManyViews]
    with use_business(acme):
        assert SavedView.objects.count() == services.MAX_VIEWS
