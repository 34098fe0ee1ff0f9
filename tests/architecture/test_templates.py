"""Can every page live under a policy without inline code and without other hosts?"""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = [path for path in sorted(ROOT.rglob("*.html")) if "messages" not in path.parts]
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_no_inline_code_and_needs_no_other_host(page):
    text = page.read_text()

    assert INLINE.search(text) is None
    assert ELSEWHERE.search(text) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_short_enough_to_read(page):
    assert len(page.read_text().splitlines()) <= 60


@pytest.mark.parametrize("form", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_form_that_posts_carries_a_token(form):
    for body in re.findall(r"<form[^>]*method=\"post\".*?</form>", form.read_text(), re.DOTALL):
        assert "{% csrf_token %}" in body
