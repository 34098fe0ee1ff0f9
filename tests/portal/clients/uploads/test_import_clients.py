"""Does the command do what the pages do?"""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from portal.clients.models import Client, Upload
from tenants.context import use_business

MESSY = "Kunde;Mail;Handy\nAna;ana@example.com;0171 1234567\nBo;nothing;\n"


@pytest.fixture
def run(acme, tmp_path):
    """Return a function that runs the command on a text and returns what it said."""

    def run(text: str, *words: str) -> str:
        file = tmp_path / "list.csv"
        file.write_text(text)
        out = io.StringIO()
        call_command("import_clients", "--business", "acme", str(file), *words, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def names(acme):
    """Return a function that says who is on Acme's list."""

    def names() -> list[str]:
        with use_business(acme):
            return list(Client.objects.listed().order_by("name").values_list("name", flat=True))

    return names


def test_a_list_is_taken_over(run, names):
    said = run(MESSY)

    assert names() == ["Ana"]
    assert "1 new clients" in said
    assert "row 3: not an email address: nothing" in said


def test_a_dry_run_says_what_would_happen_and_leaves_nothing_behind(acme, run, names):
    said = run(MESSY, "--dry-run")

    assert names() == []
    assert "       1  new" in said
    with use_business(acme):
        assert not Upload.objects.exists()


def test_what_the_columns_hold_can_be_said(run, names):
    run("Who,Where\nAna,ana@example.com\n", "--mapping", json.dumps({"who": "name", "WHERE": "email"}))

    assert names() == ["Ana"]


def test_clients_who_are_there_are_treated_as_was_said(run, names):
    run("Name,Email\nAna,ana@example.com\n")
    run("Name,Email\nAna Pereira,ana@example.com\n", "--on-match", "fill")
    assert names() == ["Ana"]

    run("Name,Email\nAna Pereira,ana@example.com\n", "--on-match", "overwrite")
    assert names() == ["Ana Pereira"]


@pytest.mark.parametrize(
    ("text", "words", "complaint"),
    [
        ("", [], "no rows"),
        ("<svg/>", [], "web page"),
        ("Name\nAna\n", [], "email addresses or phone"),
        ("Name,Email\n", ["--mapping", "nonsense"], "JSON"),
        ("Name,Email\nAna,a@example.com\n", ["--mapping", '{"Name": "shoe"}'], "shoe"),
    ],
)
def test_what_can_t_be_done_is_said_in_a_sentence(run, acme, text, words, complaint):
    with pytest.raises(CommandError, match=complaint):
        run(text, *words)
    with use_business(acme):
        assert not Upload.objects.exists()
