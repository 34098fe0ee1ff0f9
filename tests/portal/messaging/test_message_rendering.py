"""Tests of rendering every kind of message: escaping, codes, and no external content."""

import re
from types import SimpleNamespace

import pytest
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.branding.models import PortalSettings
from portal.messaging.message_kinds import list_code_message_kinds
from portal.messaging.models import Message
from portal.messaging.rendering import render_message
from tenants.models import Channel
from tenants.nouns import registry


@pytest.fixture
def message_context() -> dict:
    return {
        "business": SimpleNamespace(name="Müller & Söhne <b>", time_zone="Europe/Berlin", language="en"),
        "portal_settings": PortalSettings(),
        "host": "acme.localhost",
        "portal_url": "http://acme.localhost:8000/",
        "sent_at": timezone.now(),
        "code": "042137",
        "minutes": 10,
        "device": "Firefox on Linux",
        "count": 2,
        "notification_kind": "New message",
        "notification_subject": "Ana Pereira",
        "console_url": "http://localhost:8000/console/acme/",
    }


def render_message_kind(kind: str, channel: Channel, context: dict, language: str = "en"):
    message = Message(kind=kind, channel=channel, to="ana@example.com", language=language)
    return render_message(message, context, language="en")


@pytest.mark.parametrize("kind", registry.get_message_kinds())
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_of_message_renders_as_mail(kind, language, message_context):
    mail = render_message_kind(kind, Channel.EMAIL, message_context, language)

    assert all((mail.subject, mail.text, mail.html))
    assert "\n" not in mail.subject
    for part in (mail.subject, mail.text, mail.html):
        assert "{{" not in part
        assert "{%" not in part


@pytest.mark.parametrize("kind", list_code_message_kinds())
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_business_decides_whether_the_subject_has_the_code_and_the_text_always_has_it(
    kind, language, message_context
):
    shown, hidden = (
        render_message_kind(
            kind,
            Channel.EMAIL,
            message_context | {"portal_settings": PortalSettings(code_in_subject=in_subject)},
            language,
        )
        for in_subject in (True, False)
    )

    assert "042137" in shown.subject
    assert "042137" not in hidden.subject
    assert "Müller" in hidden.subject
    assert all("042137" in part for mail in (shown, hidden) for part in (mail.text, mail.html))


@pytest.mark.parametrize("kind", list_code_message_kinds())
def test_a_code_kept_out_of_the_subject_is_not_what_mail_programs_show_beside_it(kind, message_context):
    mail = render_message_kind(
        kind, Channel.EMAIL, message_context | {"portal_settings": PortalSettings(code_in_subject=False)}
    )

    [beginning, _code] = mail.html.split("042137")
    assert "Open this email to read your code." in beginning
    assert beginning.count("\N{COMBINING GRAPHEME JOINER}") + beginning.count("&#847;") == 100


@pytest.mark.parametrize("kind", [key for key, kind in registry.get_message_kinds().items() if kind.is_sent_as_text])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_sent_as_text_renders_as_text(kind, language, message_context):
    text = render_message_kind(kind, Channel.SMS, message_context, language)

    assert text.text
    assert (text.subject, text.html) == ("", "")
    assert "{{" not in text.text
    assert "{%" not in text.text


@pytest.mark.parametrize("kind", list_code_message_kinds())
def test_a_text_with_a_code_ends_with_the_domain_binding(kind, message_context):
    assert render_message_kind(kind, Channel.SMS, message_context).text.splitlines()[-1] == "@acme.localhost #042137"


@pytest.mark.parametrize("kind", list_code_message_kinds())
def test_each_part_of_a_code_mail_has_the_code_once_and_its_lifetime(kind, message_context):
    mail = render_message_kind(kind, Channel.EMAIL, message_context)

    assert mail.text.count("042137") == 1
    assert mail.html.count("042137") == 1
    assert "10 minutes" in mail.text


def test_names_are_escaped_in_html_only(message_context):
    mail = render_message_kind(AccessMessageKind.SIGN_IN_CODE, Channel.EMAIL, message_context)

    assert "Müller & Söhne <b>" in mail.subject
    assert "<b>" not in mail.html
    assert "Müller &amp; Söhne &lt;b&gt;" in mail.html


def test_a_line_break_in_a_name_cannot_add_a_header(message_context):
    message_context["business"].name = "Acme\r\nBcc: all@example.com"

    assert render_message_kind(AccessMessageKind.NEW_BROWSER, Channel.EMAIL, message_context).subject.count("\n") == 0


@pytest.mark.parametrize("kind", registry.get_message_kinds())
def test_a_mail_loads_no_external_resources(kind, message_context):
    html = render_message_kind(kind, Channel.EMAIL, message_context).html

    ours = ("http://acme.localhost:8000/", "http://localhost:8000/console/acme/")
    assert [url for url in re.findall(r"https?://[^\s\"'<>]+", html) if not url.startswith(ours)] == []
    assert not re.search(r"<(img|script|link|iframe)|url\(", html)


def test_repr_of_a_rendered_message_hides_its_code(message_context):
    assert "042137" not in repr(render_message_kind(AccessMessageKind.SIGN_IN_CODE, Channel.EMAIL, message_context))
