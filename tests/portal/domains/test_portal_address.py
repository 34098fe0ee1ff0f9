"""The console's pages to change, copy and send the portal's address, and its QR codes."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from PIL import Image

from portal.activity.models import Entry
from portal.clients.services import update_search_text
from portal.domains.kinds import PortalAddressEvent
from tenants import hostnames
from tenants.context import use_business
from tenants.models import PortalHostname
from tests.factories import ClientFactory
from tests.sent_messages import SentMessages

PAGE = "/console/acme/portal/"
FORM = f"{PAGE}address/"


def change_portal_address(browser, slug, expected_slug="acme", **more):
    return browser.post(FORM, {"slug": slug, "expected_slug": expected_slug}, **more)


def load_timeline_entries(business, event_type):
    with use_business(business):
        return list(Entry.objects.filter(event_type=event_type))


def test_the_page_shows_the_address_with_copy_and_edit(acme, staff_client):
    page = staff_client().get(PAGE).content.decode()

    assert '<p class="portal-url digits" id="portal-url">http://acme.localhost:8000/</p>' in page
    assert 'data-copy="portal-url"' in page
    assert FORM in page
    assert "View as Demo Client" in page


def test_a_read_only_member_is_not_offered_to_edit_the_address(acme, staff_client):
    page = staff_client("read-only").get(PAGE).content.decode()

    assert 'data-copy="portal-url"' in page
    for path in ("address/", "demo/", "branding/", "invitation/", "sign-in/", "domain/"):
        assert f'"{PAGE}{path}"' not in page


def test_a_new_address_works_at_once_and_the_old_one_redirects(
    acme, staff_client, portal_client, django_capture_on_commit_callbacks
):
    old = portal_client(acme)
    assert old.get("/sign-in/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = change_portal_address(staff_client(), "acme-physio")

    assert answer.headers["Location"] == "/console/acme-physio/portal/"
    assert old.get("/sign-in/?x=1").headers["Location"] == "http://acme-physio.localhost:8000/sign-in/?x=1"
    assert portal_client(acme).get("/sign-in/").status_code == 200
    [entry] = load_timeline_entries(acme, PortalAddressEvent.ADDRESS_CHANGED)
    assert (entry.data, entry.actor) == ({"before": {"slug": "acme"}, "after": {"slug": "acme-physio"}}, "staff")


def test_the_same_address_again_changes_nothing(acme, staff_client):
    before = PortalHostname.objects.count()

    assert change_portal_address(staff_client(), " acme ").headers["Location"] == PAGE
    assert PortalHostname.objects.count() == before
    assert load_timeline_entries(acme, PortalAddressEvent.ADDRESS_CHANGED) == []


@pytest.mark.parametrize("slug", ["globex", "admin", "ab", "-x-", "xn--a", "ACME2", "a b", "", "a" * 64, "<script>"])
def test_an_unavailable_address_is_rejected_and_kept_in_the_field(acme, globex, staff_client, slug):
    answer = change_portal_address(staff_client(), slug)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    assert hostnames.get_current_slug(acme) == "acme"


def test_a_concurrent_change_of_the_address_is_rejected(acme, staff_client):
    first, second = staff_client(), staff_client("manager")
    change_portal_address(first, "acme-one")

    answer = second.post(
        "/console/acme-one/portal/address/", {"slug": "acme-two", "expected_slug": "acme"}, follow=True
    )

    assert hostnames.get_current_slug(acme) == "acme-one"
    assert "A colleague has changed the address" in answer.content.decode()


def test_a_form_posted_to_the_former_slug_is_redirected_and_overwrites_no_change(acme, staff_client):
    browser, form = staff_client(), {"slug": "acme-two", "expected_slug": "acme"}
    change_portal_address(browser, "acme-one")

    first = browser.post("/console/acme/portal/address/", form)
    answer = browser.post("/console/acme/portal/address/", form, follow=True)

    assert (first.status_code, first.headers["Location"]) == (308, "/console/acme-one/portal/address/")
    assert hostnames.get_current_slug(acme) == "acme-one"
    assert "A colleague has changed the address" in answer.content.decode()


@pytest.mark.parametrize(
    ("entered", "expected_text"),
    [
        ("acme-physio", "acme-physio.localhost is available."),
        ("acme", "This is your current address."),
        ("globex", "This address is taken."),
        ("admin", "This address is reserved."),
        ("A_B", "Use 3 to 63 lower-case letters"),
    ],
)
def test_the_availability_of_an_address_is_checked_while_typing(acme, globex, staff_client, entered, expected_text):
    answer = staff_client().get(f"{FORM}check/", {"slug": entered}, headers={"hx-request": "true"})

    assert expected_text in answer.content.decode()
    assert "Globex" not in answer.content.decode()


def test_a_former_address_of_another_business_stays_unavailable(acme, globex, staff_client):
    hostnames.change_slug(business=globex, slug="globex-law", now=globex.created_at)

    assert change_portal_address(staff_client(), "globex").status_code == 422


def test_the_qr_code_can_be_downloaded(acme, staff_client):
    browser = staff_client("read-only")

    svg, png = (browser.get(f"{FORM}qr.{kind}?save") for kind in ("svg", "png"))

    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert "<script" not in svg.content.decode()
    assert svg.headers["Content-Disposition"] == 'attachment; filename="acme.svg"'
    assert Image.open(io.BytesIO(png.content)).format == "PNG"


def test_a_client_is_found_and_mailed_the_address(acme, ana, staff_client, outbox: SentMessages):
    browser = staff_client("staff")
    assert "Ana Pereira" in browser.get(f"{PAGE}invitation/", {"q": "pere an"}).content.decode()

    browser.post(f"{PAGE}invitation/", {"client": str(ana.pk)})
    outbox.deliver_due()

    [mail] = outbox.sent("ana@example.com")
    assert "http://acme.localhost:8000/" in mail["text"]


def test_the_client_search_tolerates_accents_and_typos(acme, staff_client):
    with use_business(acme):
        update_search_text([ClientFactory(name="Zoë Müller").pk])

    for entered in ("zoe", "MULLER", "mulelr"):
        assert "Zoë Müller" in staff_client().get(f"{PAGE}invitation/", {"q": entered}).content.decode(), entered


def test_a_second_request_sends_nothing(acme, ana, staff_client, outbox: SentMessages):
    browser = staff_client()
    for _press in range(2):
        answer = browser.post(f"{PAGE}invitation/", {"client": str(ana.pk)}, follow=True)
    outbox.deliver_due()

    assert "No email was sent" in answer.content.decode()
    assert len(outbox.sent("ana@example.com")) == 1


@pytest.mark.parametrize(
    "key", ["", "x", "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", "------------------------------------", "z" * 36]
)
def test_an_unknown_client_is_not_found(acme, staff_client, key):
    assert staff_client().post(f"{PAGE}invitation/", {"client": key}).status_code == 404


def test_the_pages_take_few_statements(acme, staff_client, django_assert_max_num_queries):
    browser = staff_client()
    browser.get(PAGE)
    for path in ("", "address/", "branding/", "domain/", "sign-in/", "invitation/?q=a"):
        with django_assert_max_num_queries(12):
            assert browser.get(PAGE + path).status_code == 200


@pytest.mark.usefixtures("committed_db")
def test_of_six_concurrent_changes_one_succeeds(acme, staff_client):
    browsers = {f"acme-{number}": staff_client("manager") for number in range(6)}

    def change_address_in_thread(slug: str) -> str:
        try:
            return change_portal_address(browsers[slug], slug).headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(change_address_in_thread, browsers))

    assert hostnames.get_current_slug(acme) in browsers
    assert PortalHostname.objects.filter(business=acme).count() == 2
    assert len(load_timeline_entries(acme, PortalAddressEvent.ADDRESS_CHANGED)) == 1
