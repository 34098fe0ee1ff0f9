"""The demo outbox shows what was sent, as it was sent, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tenants.devmail import sent_messages
from tenants.mail_attachments import MailAttachment

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HTML = "<html><head><title>x</title></head><body><script>alert(1)</script><p>482913</p></body></html>"

INVITATION = MailAttachment(
    "Tërmin <1>.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
)
PICTURE = MailAttachment("a.png", "image/png", b"\x89PNG\x00")


@pytest.fixture(autouse=True)
def outbox_folder(tmp_path, settings):
    settings.DEMO_OUTBOX_DIR = str(tmp_path / "outbox")
    return tmp_path / "outbox"


@pytest.fixture
def browser(db_or_committed_db):
    return Client(headers={"host": "localhost"})


def store_mail(minutes=0, **changes):
    mail = {"business": "acme", "channel": "email", "to": "ana@example.com", "text": "words", "html": HTML}
    mail |= {"subject": "482913 is your code", "provider": "demo", "at": NOON + timedelta(minutes=minutes)}
    return sent_messages.save_sent_message(**mail | changes)


def test_messages_come_newest_first_with_all_their_fields(browser):
    store_mail(0, to="bo@example.com")
    store_mail(1)

    messages = browser.get("/dev/outbox.json").json()

    assert [message["to"] for message in messages] == ["ana@example.com", "bo@example.com"]
    assert set(messages[0]) == {"business", "channel", "to", "subject", "text", "html", "provider", "at"}
    assert messages[0]["at"] == "2026-05-04T12:01:00+00:00"


def test_the_feed_is_filtered_by_business_and_recipient(browser):
    store_mail(business="globex")
    store_mail(to="+447700900101", channel="sms", subject="", html="", text="482913 is your code")

    assert len(browser.get("/dev/outbox.json?business=globex").json()) == 1
    assert len(browser.get("/dev/outbox.json?to=%2B447700900101").json()) == 1
    assert len(browser.get("/dev/outbox.json?to=+447700900101").json()) == 1
    assert browser.get("/dev/outbox.json?business=acme&to=bo@example.com").json() == []


def test_the_page_shows_mails_texts_and_codes_to_copy(browser):
    store_mail()
    store_mail(
        1, channel="sms", to="+447700900101", subject="", html="", text="555111 is your code\n\n@acme.localhost #555111"
    )

    page = browser.get("/dev/outbox/").content.decode()

    assert "482913 is your code" in page
    assert "@acme.localhost #555111" in page
    assert "+44 7700 900101" in page
    assert page.count("data-copy=") == 2


def test_an_empty_outbox_says_what_to_do(browser):
    assert "Request a sign-in code" in browser.get("/dev/outbox/").content.decode()


def test_html_in_a_subject_is_escaped(browser):
    store_mail(subject="<script>alert(1)</script>")

    assert "<script>alert(1)</script>" not in browser.get("/dev/outbox/").content.decode()


def test_the_html_of_a_mail_is_sandboxed(browser):
    message_id = store_mail()

    answer = browser.get(f"/dev/outbox/{message_id}/mail/")
    policy = answer.headers["Content-Security-Policy"]

    assert "482913" in answer.content.decode()
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_has_links_to_its_attachments(browser):
    message_id = store_mail(attachments=[PICTURE, INVITATION])

    page = browser.get("/dev/outbox/").content.decode()
    answer = browser.get(f"/dev/outbox/{message_id}/attachments/1/")

    assert f'href="/dev/outbox/{message_id}/attachments/1/" download>Tërmin &lt;1&gt;.ics</a>' in page
    assert answer.content == INVITATION.content
    assert answer.headers["Content-Type"] == INVITATION.content_type
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''T%C3%ABrmin%20%3C1%3E.ics"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [one["filename"] for one in browser.get("/dev/outbox.json").json()[0]["attachments"]] == [
        "a.png",
        "Tërmin <1>.ics",
    ]


@pytest.mark.parametrize("path", ["{mail}/attachments/1/", "{mail}/attachments/-1/", "nothing/attachments/0/"])
def test_an_attachment_that_is_none_is_not_found(browser, path):
    message_id = store_mail(attachments=[INVITATION])

    assert browser.get(f"/dev/outbox/{path.format(mail=message_id)}").status_code == 404


@pytest.mark.parametrize("message_id", ["nothing", "..%2F..%2Fetc%2Fpasswd", "00000000000000000000-00000000"])
def test_other_files_cannot_be_read(browser, message_id):
    assert browser.get(f"/dev/outbox/{message_id}/mail/").status_code == 404


def test_a_page_that_polls_gets_only_newer_messages(browser):
    store_mail(0, subject="An old one")
    seen = store_mail(1, subject="A seen one")
    store_mail(2, subject="A new one")

    part = browser.get(f"/dev/outbox/?after={seen}").content.decode()

    assert "A new one" in part
    assert "An old one" not in part


def test_a_half_written_file_is_not_shown(outbox_folder, browser):
    store_mail()
    (outbox_folder / "99999999999999999999-00000000.json").write_text('{"business": "ac')

    assert len(browser.get("/dev/outbox.json").json()) == 1


def test_the_oldest_messages_are_deleted(outbox_folder, monkeypatch):
    monkeypatch.setattr(sent_messages, "MAX_MESSAGES", 3)

    for minute in range(5):
        store_mail(minute)

    assert len(list(outbox_folder.iterdir())) == 3
    assert sent_messages.list_sent_messages()[-1].sent_at == NOON + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("482913 is your code", "", "482913"),
        ("12345678 is your code", "", "12345678"),
        ("", "482913 is your code", "482913"),
        ("New sign-in to Acme", "482913", ""),
        ("123456789 is a number", "", ""),
    ],
)
def test_a_code_is_found_at_the_start_of_a_message(subject, text, code):
    store_mail(subject=subject, text=text)

    assert sent_messages.list_sent_messages()[0].code == code
