"""Settings are read from environment variables, and invalid values are refused by name."""

import base64
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def set_variable(monkeypatch):
    """Return a function that sets THING, as the environment of a process would."""
    monkeypatch.setattr(env, "variables", {})
    monkeypatch.delenv("THING", raising=False)
    monkeypatch.delenv("THING_FILE", raising=False)
    return lambda value: monkeypatch.setenv("THING", value)


def test_a_set_variable_overrides_its_default(set_variable):
    assert env.read_string("THING", "A thing.", default="ours") == "ours"
    set_variable("theirs")
    assert env.read_string("THING", "A thing.", default="ours") == "theirs"


def test_an_empty_variable_counts_as_unset(set_variable):
    set_variable("")
    assert env.read_integer("THING", "A thing.", default=3) == 3


def test_a_missing_required_variable_is_named_with_its_description(set_variable):
    with pytest.raises(ImproperlyConfigured, match=r"^Set THING\. It opens doors\. See \.env\.example\.$"):
        env.read_string("THING", "It opens doors.")


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("on", True), ("1", True), ("No", False), ("off", False)])
def test_booleans_have_the_usual_spellings(set_variable, text, value):
    set_variable(text)
    assert env.read_boolean("THING", "A thing.", default=not value) is value


@pytest.mark.parametrize(
    ("read", "invalid"),
    [
        (lambda: env.read_boolean("THING", "A thing.", default=True), "maybe"),
        (lambda: env.read_boolean("THING", "A thing.", default=True), "flase"),
        (lambda: env.read_integer("THING", "A thing."), "ten"),
        (lambda: env.read_seconds("THING", "A thing.", default=1), "10m"),
        (lambda: env.read_rate("THING", "A thing.", default="1/hour"), "plenty"),
        (lambda: env.read_keyring("THING", "A thing."), "k1"),
        (lambda: env.read_keyring("THING", "A thing."), f":{KEY}"),
        (lambda: env.read_keyring("THING", "A thing."), "k1:not base64!"),
        (lambda: env.read_keyring("THING", "A thing."), "k1:c2hvcnQ="),
        (lambda: env.read_keyring("THING", "A thing."), f"k1:{KEY},k2"),
    ],
)
def test_an_invalid_value_is_refused_with_the_name_of_its_variable(set_variable, read, invalid):
    set_variable(invalid)
    with pytest.raises(ImproperlyConfigured, match=r"^THING can't be read: .* A thing\.$"):
        read()


def test_durations_are_seconds_and_lists_have_commas(set_variable):
    set_variable("90")
    assert env.read_seconds("THING", "A thing.", default=1) == timedelta(seconds=90)
    set_variable(" sendgrid, smtp ,")
    assert env.read_list("THING", "A thing.", default=[]) == ["sendgrid", "smtp"]


def test_keys_keep_their_order(set_variable):
    set_variable(f"k2:{KEY},k1:{KEY}")
    assert list(env.read_keyring("THING", "A thing.")) == ["k2", "k1"]


def test_a_secret_can_be_read_from_a_file(set_variable, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    set_variable("from the environment")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.read_string("THING", "A thing.") == "from the file"


def test_a_missing_file_is_named_in_the_error(set_variable, monkeypatch, tmp_path):
    monkeypatch.setenv("THING_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match=r"^THING_FILE names .*nowhere, which can't be read"):
        env.read_string("THING", "A thing.")


def test_an_unreadable_secret_is_not_repeated(set_variable):
    set_variable("k1:c2VjcmV0LWJ1dC1zaG9ydA==")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.read_keyring("THING", "A thing.")
    assert "c2VjcmV0" not in str(refusal.value)


@pytest.mark.parametrize(
    "invalid", ["foo", "mysql://u:hush@h/d", "postgres://u:hush@h:5432/", "postgres://u:hu/sh@h/d"]
)
def test_an_incomplete_database_url_is_refused_without_repeating_it(set_variable, invalid):
    set_variable(invalid)
    with pytest.raises(ImproperlyConfigured, match=r"^THING can't be read: it has the form postgres://") as refusal:
        env.read_database_url("THING", "A thing.")
    assert "hu" not in str(refusal.value)


def test_a_database_url_can_name_a_socket(set_variable):
    set_variable("postgres:////run/postgresql/portico")
    assert env.read_database_url("THING", "A thing.")["HOST"] == "/run/postgresql"


def test_an_unknown_choice_is_refused(set_variable):
    set_variable("Console")
    assert env.read_choice("THING", "A thing.", ["json", "console"], default="json") == "console"
    set_variable("xml")
    with pytest.raises(ImproperlyConfigured, match=r"^THING can't be read: 'xml' is not one of json, console\."):
        env.read_choice("THING", "A thing.", ["json", "console"], default="json")


def test_every_variable_is_documented_in_the_order_of_reading(set_variable):
    env.read_string("THING", "A thing.", default="x")
    env.read_boolean("OTHER", "Another.", default=False)
    assert env.list_env_variables() == [
        env.EnvVariable("THING", "A thing.", "x"),
        env.EnvVariable("OTHER", "Another.", False),
    ]
