"""Tests of the templates: short lines and pages, no inline code and no other host, as the content policy demands."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in sorted(ROOT.rglob("*.html"))
    if "messages" not in path.parts
}
LINE_LENGTH = 140
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE)
FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def test_templates_are_found():
    assert len(PAGES) > 200


def test_no_template_has_inline_code_or_external_resources():
    assert [page for page, text in PAGES.items() if INLINE.search(text) or ELSEWHERE.search(text)] == []


def test_templates_are_short():
    assert [page for page, text in PAGES.items() if len(text.splitlines()) > 60] == []


def test_lines_of_templates_are_short():
    lines = [
        (str(path.relative_to(ROOT)), number)
        for path in sorted(ROOT.rglob("*.*"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LINE_LENGTH
    ]

    assert lines == []


def test_every_post_form_has_a_csrf_token():
    forms = [(page, form) for page, text in PAGES.items() for form in FORM.findall(text)]

    # The first leads to a portal, which must not learn the console's token; the second is in a frame without cookies.
    without_token = ["console/impersonation/opening.html", "portal/intake/embedded_contact.html"]
    assert [page for page, form in forms if "{% csrf_token %}" not in form] == without_token
