"""Tests of a business's own websites in the business API."""

import pytest
from django.core.cache import cache

from portal.activity.models import Entry
from portal.intake.models import ContactFormSettings
from tenants.context import use_business
from tenants.hostnames import build_portal_url

pytestmark = pytest.mark.django_db

PATH = "portal/websites/"
SITE, APP = "https://www.acme-physio.example", "https://app.acme-physio.example"


def test_websites_are_read_and_changed(api_program, acme):
    program = api_program()
    shown = program.get(PATH).json()
    assert (shown["embedding_origins"], shown["api_origins"]) == ([], [])
    answer = program.patch(PATH, {"embedding_origins": ["www.acme-physio.example", f"{SITE}/"]})
    assert answer.status_code == 200, answer.content
    assert answer.json() == shown | {"embedding_origins": [SITE]}
    assert program.patch(PATH, {"api_origins": [APP]}).json()["embedding_origins"] == [SITE]
    assert program.get(PATH).json() == shown | {"embedding_origins": [SITE], "api_origins": [APP]}
    with use_business(acme):
        entry = Entry.objects.filter(event_type="websites.changed").latest("at", "pk")
        assert entry.data["after"] == {"embedding_origins": [SITE], "api_origins": [APP]}
        assert "(Sync)" in entry.actor_name


def test_the_forms_are_shown_with_their_html(api_program, acme):
    [form] = api_program().get(PATH).json()["forms"]
    assert form["url"] == build_portal_url(acme, "/embed/contact-form/")
    assert f'src="{form["url"]}"' in form["inline_html"]
    assert f'href="{form["page_url"]}"' in form["button_html"]
    for snippet in (form["inline_html"], form["button_html"]):
        assert f'<script src="{form["script_url"]}" async></script>' in snippet
    with use_business(acme):
        ContactFormSettings.objects.update_or_create(id=1, defaults={"is_on": False})
    cache.clear()
    assert api_program().get(PATH).json()["forms"] == []


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"api_origins": ["*"]}, "api_origins[0]", "invalid_origin"),
        ({"api_origins": [APP, f"{APP}/path"]}, "api_origins[1]", "invalid_origin"),
        ({"embedding_origins": ["http://["]}, "embedding_origins[0]", "invalid_origin"),
        ({"embedding_origins": [""]}, "embedding_origins[0]", "blank"),
        ({"embedding_origins": ["a" * 271]}, "embedding_origins[0]", "invalid_origin"),
        ({"embedding_origins": [SITE] * 21}, "embedding_origins", "max_length"),
        ({"embedding_origins": SITE}, "embedding_origins", "not_a_list"),
        ({"forms": []}, "forms", "read_only_field"),
        ({"origins": []}, "origins", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_saved(api_program, body, field, code):
    program = api_program()
    answer = program.patch(PATH, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert program.get(PATH).json()["embedding_origins"] == []


def test_a_list_that_somebody_else_changed_is_not_overwritten(api_program):
    program = api_program()
    seen = program.get(PATH)["ETag"]
    assert program.patch(PATH, {"api_origins": [APP]}, **{"If-Match": seen}).status_code == 200
    answer = program.patch(PATH, {"api_origins": []}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(PATH).json()["api_origins"] == [APP]


def test_changing_websites_needs_the_permission_to_edit_the_portal(api_program):
    program = api_program(role="read-only")
    assert program.get(PATH).status_code == 200
    assert program.patch(PATH, {"api_origins": []}).json()["code"] == "forbidden"
