"""L23, U8: link scanners spoil nothing, and nobody else can put text or links into our mails."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from portal.access import services
from portal.access.models import Challenge, ClientSession
from portal.clients.models import Contact
from portal.messaging.models import Message
from portal.passkeys.models import Passkey
from portal.passkeys.services.removal import remove_passkey
from tenants import hostnames
from tenants.context import use_business
from tenants.nouns import registry
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.messaging.messaging_steps import build_staff_actor, write_chat_message
from tests.portal.passkeys.passkey_steps import add_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator
from tests.portal.scheduling.every_notice import send_every_notice

pytestmark = pytest.mark.slow

URL = re.compile(r"https?://[^\s\"'<>)]+")
LINKS = re.compile(r"(?:href|src|action|background)\s*=\s*[\"']?([^\"'\s>]+)|url\(([^)]+)\)")


class FormParser(HTMLParser):
    """Every form of a page, with what a machine would send if it just pressed the button."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[dict] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.forms.append({"action": found.get("action") or "", "method": found.get("method", "get"), "fields": {}})
        elif self.forms and tag in ("input", "button", "select", "textarea") and found.get("name"):
            self.forms[-1]["fields"][found["name"]] = found.get("value") or ""


def urls_in(mail):
    """Return every address a mail names, in its text and in its HTML."""
    quoted = [link for pair in LINKS.findall(mail["html"]) for link in pair if link]
    return {*URL.findall(mail["text"]), *URL.findall(mail["html"]), *quoted}


def open_like_a_link_scanner(browser, url):
    """Do what a mail scanner does: open an address, look at its head, follow where it leads, press every button."""
    address = urlsplit(url)
    for _time in range(20):
        assert browser.head(address.path or "/").status_code < 500
        page = browser.get(address.path or "/", follow=True)
        assert page.status_code < 500
    page_path = page.request["PATH_INFO"]
    for form in FormParser(page.content.decode()).forms:
        send = browser.post if form["method"].lower() == "post" else browser.get
        assert send(urlsplit(urljoin(page_path, form["action"])).path, form["fields"]).status_code < 500


@pytest.fixture
def mails_of_every_kind(acme, ana, open_visitor, outbox, advance_time, settings):
    """One mail of every kind, and Ana's browser with a code that waits to be typed."""
    from django.utils import timezone

    with use_business(acme):
        leaver = ClientFactory(name="Leo Leaver", email="leo@example.com")
        visitor = ClientFactory(name="Vera Visitor", email="vera@example.com")
    ana_here = open_visitor(acme)
    ana_here.request_code()
    outbox.deliver_due()
    ana_here.submit_code(outbox.code(ANA))
    ana_here.browser.post("/account/contact/", {"identifier": "new@example.com"})
    outbox.deliver_due()
    code = outbox.code("new@example.com")
    assert ana_here.browser.post("/account/contact/code/", {"code": code}).status_code == 302
    add_passkey(ana_here.browser, SoftwareAuthenticator(hostnames.build_portal_url(acme, "")))
    with use_business(acme):
        remove_passkey(client=ana, passkey=Passkey.objects.get(), now=timezone.now())
        services.archive_client(client=leaver, now=timezone.now())
    settings.CHAT_EMAIL_DELAY = timedelta(0)
    assert ana_here.browser.post("/messages/", {"body": "Hello"}).status_code == 302
    outbox.deliver_due()
    at_the_desk = build_staff_actor(create_member(acme, "owner"))
    with use_business(acme):
        services.invite_clients(clients=[ana], staff=at_the_desk, now=timezone.now())
        write_chat_message(ana, "Good day", by=create_member(acme, "staff"))
    outbox.deliver_due()
    advance_time(1)
    waiting = open_visitor(acme)
    waiting.request_code()
    outbox.deliver_due()
    with use_business(acme):
        attempt = {"challenge_id": waiting.challenge.pk, "client": ana, "staff": at_the_desk}
        services.issue_code(**attempt, now=timezone.now())
    outbox.deliver_due()
    send_every_notice(acme, visitor, staff=at_the_desk)
    with use_business(acme):
        assert set(Message.objects.values_list("kind", flat=True)) == set(registry.get_message_kinds()), (
            "not every kind is tried here"
        )
    return outbox.sent(), ana_here, waiting


def read_sign_in_rows(business):
    """Return all that signing in consists of, to be compared."""
    with use_business(business):
        return (
            list(Challenge.objects.order_by("pk").values("pk", "failures", "sent_at", "closed_at", "verified_at")),
            list(ClientSession.objects.order_by("pk").values("pk", "ended_at")),
            list(Contact.objects.order_by("pk").values("pk", "value")),
            Message.objects.count(),
        )


def test_a_link_scanner_that_opens_links_and_submits_forms_uses_up_nothing(acme, mails_of_every_kind, open_visitor):
    sent, ana_here, waiting = mails_of_every_kind
    before = read_sign_in_rows(acme)

    addresses = {url for mail in sent if mail["channel"] == "email" for url in urls_in(mail)}
    assert addresses, "mails without a single address prove nothing"
    for url in addresses:
        open_like_a_link_scanner(open_visitor(acme).browser, url)

    assert read_sign_in_rows(acme) == before
    assert ana_here.request_home_status() == 200
    assert waiting.submit_code(waiting.code()).status_code == 302


def test_a_browser_that_prefetches_links_uses_up_nothing(acme, mails_of_every_kind):
    sent, ana_here, waiting = mails_of_every_kind
    before = read_sign_in_rows(acme)

    for url in {url for mail in sent for url in urls_in(mail)}:
        for browser in (ana_here.browser, waiting.browser):
            for _time in range(20):
                browser.get(urlsplit(url).path or "/", follow=True)
                browser.head(urlsplit(url).path or "/")

    assert read_sign_in_rows(acme) == before
    assert ana_here.request_home_status() == 200
    assert waiting.submit_code(waiting.code()).status_code == 302


def test_mails_link_only_to_the_portal_or_the_console(acme, mails_of_every_kind):
    for mail in mails_of_every_kind[0]:
        is_for_staff = mail["to"].endswith("@acme.test")
        for url in urls_in(mail):
            home = "localhost:8000" if is_for_staff else "acme.localhost:8000"
            assert urlsplit(url)[:2] == ("http", home), (mail["subject"], url)


# Only its client, signed in, can open an appointment or an offer, and only its member a notification.
OWN_PAGE = re.compile(r"^(/appointments|/book/offers|/console/acme/notifications)/[0-9a-f-]{36}/$")


def test_no_link_in_a_mail_contains_a_code_token_or_client(acme, mails_of_every_kind):
    for mail in mails_of_every_kind[0]:
        for url in urls_in(mail):
            rest = OWN_PAGE.sub("", urlsplit(url).path) + urlsplit(url).query
            assert not re.search(r"\d{6}|[A-Za-z0-9_-]{20,}", rest), url


LINK_LIKE_NAMES = [
    "http://evil.example/win Ana",
    "Ana <a href='http://evil.example'>click</a>",
    "Ana\r\nBcc: everybody@example.com",
    "{{ code }}{% debug %}",
    "Your code is 999999",
]


@pytest.mark.parametrize("name", LINK_LIKE_NAMES)
def test_hostile_names_and_messages_of_clients_do_not_reach_mails(acme, open_visitor, outbox, settings, name):
    from django.utils import timezone

    with use_business(acme):
        client = ClientFactory(name=name, email="lure@example.com", mobile=MOBILE)
    page_path = open_visitor(acme)
    page_path.request_code("lure@example.com")
    page_path.resend(channel="sms")
    outbox.deliver_due()
    page_path.submit_code(page_path.code())
    page_path.browser.post("/account/contact/", {"identifier": "next@example.com"})
    outbox.deliver_due()
    settings.CHAT_EMAIL_DELAY = timedelta(0)
    assert page_path.browser.post("/messages/", {"body": name}).status_code == 302
    outbox.deliver_due()
    with use_business(acme):
        write_chat_message(client, name, by=create_member(acme, "staff"))
    outbox.deliver_due()
    assert {"owner@acme.test", "lure@example.com"} <= {message["to"] for message in outbox.sent()}
    with use_business(acme):
        services.archive_client(client=client, now=timezone.now())
    outbox.deliver_due()

    assert {message["channel"] for message in outbox.sent()} == {"email", "sms"}
    for message in outbox.sent():
        for part in (message["subject"], message["text"], message["html"]):
            assert not re.search(r"evil|click|Bcc|999999|debug", part), part


def test_user_agents_do_not_reach_mails(acme, ana, outbox):
    browser = Client(headers={"host": "acme.localhost", "user-agent": "http://evil.example/ Firefox/1 on Windows"})
    browser.post("/sign-in/", {"identifier": ANA})
    outbox.deliver_due()
    browser.post("/sign-in/code/", {"code": outbox.code(ANA)})
    outbox.deliver_due()

    [_code, notice] = outbox.sent()
    assert "Firefox on Windows" in notice["text"]
    assert "evil" not in notice["text"] + notice["html"]


def test_mails_are_in_a_supported_language(acme, ana, outbox):
    for asked in ("../../etc/passwd", "xx", "de" * 400, "\x00", "de;q=99999999999", "*"):
        browser = Client(headers={"host": "acme.localhost", "accept-language": asked})
        browser.cookies["language"] = asked
        assert browser.post("/sign-in/", {"identifier": ANA}).status_code in (302, 429), asked
        outbox.deliver_due()

    assert outbox.sent()


def test_links_in_mails_use_the_stored_portal_address(acme, ana, outbox):
    browser = Client(
        headers={"host": "ACME.localhost.:4711", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    )
    assert browser.post("/sign-in/", {"identifier": ANA}).status_code == 302
    outbox.deliver_due()

    [mail] = outbox.sent(ANA)
    assert urls_in(mail)
    assert {urlsplit(url).netloc for url in urls_in(mail)} == {"acme.localhost:8000"}
