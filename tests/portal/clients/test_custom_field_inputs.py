"""What is typed into a custom field's input is kept as clients store it, and shown again as it was typed."""

import pytest
from django import forms

from portal.clients.forms import build_form_field
from portal.clients.models import CustomField, CustomFieldKind

ANSWERS = [
    ("text", "blue", "blue"),
    ("number", "42,5", 42.5),
    ("number", "0", 0),
    ("date", "2026-05-31", "2026-05-31"),
    ("choice", "left", "left"),
    ("yes-no", "yes", True),
    ("yes-no", "no", False),
]
KINDS = list(CustomFieldKind)


def build_custom_field_form(kind, *, required=False, **kwargs):
    """Return a form with one custom field, `answer`."""
    form = forms.Form(**kwargs)
    custom_field = CustomField(name="Answer", kind=kind, choices=["left", "right"])
    form.fields["answer"] = build_form_field(custom_field, required=required, empty_label="Nothing")
    return form


@pytest.mark.parametrize(("kind", "typed", "stored"), ANSWERS)
def test_a_submitted_value_is_cleaned_to_the_stored_value(kind, typed, stored):
    form = build_custom_field_form(kind, data={"answer": typed}, required=True)

    assert form.is_valid()
    assert form.cleaned_data["answer"] == stored
    assert type(form.cleaned_data["answer"]) is type(stored)


@pytest.mark.parametrize(("kind", "typed", "stored"), ANSWERS)
def test_a_stored_value_survives_a_round_trip_through_the_form(kind, typed, stored):
    shown = build_custom_field_form(kind, initial={"answer": stored})["answer"].value()

    assert build_custom_field_form(kind, data={"answer": shown}).fields["answer"].clean(str(shown)) == stored


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_input_is_none_and_refused_if_required(kind):
    optional, required = (
        build_custom_field_form(kind, data={"answer": ""}, required=required) for required in (False, True)
    )

    assert optional.is_valid()
    assert optional.cleaned_data["answer"] in (None, "")
    assert not required.is_valid()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "big"), ("date", "31 May"), ("choice", "up"), ("yes-no", "maybe"), ("text", "x" * 501)],
)
def test_an_invalid_value_for_the_kind_is_refused(kind, typed):
    assert not build_custom_field_form(kind, data={"answer": typed}).is_valid()


@pytest.mark.parametrize("kind", ["choice", "yes-no"])
def test_a_choice_field_has_an_empty_option(kind):
    assert 'value="" selected>Nothing' in str(build_custom_field_form(kind)["answer"])
