"""The command import_clients does what the pages do."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from portal.clients.models import Client, Upload
from tenants.context import use_business

MESSY = "Kunde;Mail;Handy\nAna;ana@example.com;0171 1234567\nBo;nothing;\n"


@pytest.fixture
def run_import_command(acme, tmp_path):
    """Return a function that runs the command on a text and returns what it said."""

    def run_import_command(text: str, *arguments: str) -> str:
        file = tmp_path / "list.csv"
        file.write_text(text)
        out = io.StringIO()
        call_command("import_clients", "--business", "acme", str(file), *arguments, stdout=out)
        return out.getvalue()

    return run_import_command


@pytest.fixture
def list_client_names(acme):
    """Return a function that says who is on Acme's list."""

    def list_client_names() -> list[str]:
        with use_business(acme):
            return list(Client.objects.exclude_unlisted().order_by("name").values_list("name", flat=True))

    return list_client_names


def test_a_list_is_imported(run_import_command, list_client_names):
    output = run_import_command(MESSY)

    assert list_client_names() == ["Ana"]
    assert "1 new clients" in output
    assert "row 3: not an email address: nothing" in output


def test_a_dry_run_reports_and_changes_nothing(acme, run_import_command, list_client_names):
    output = run_import_command(MESSY, "--dry-run")

    assert list_client_names() == []
    assert "       1  new" in output
    with use_business(acme):
        assert not Upload.objects.exists()


def test_columns_can_be_mapped(run_import_command, list_client_names):
    run_import_command("Who,Where\nAna,ana@example.com\n", "--mapping", json.dumps({"who": "name", "WHERE": "email"}))

    assert list_client_names() == ["Ana"]


def test_the_on_match_option_decides_about_known_clients(run_import_command, list_client_names):
    run_import_command("Name,Email\nana pereira,ana@example.com\n")
    run_import_command("Name,Email\nAna Pereira,ana@example.com\n", "--on-match", "fill")
    assert list_client_names() == ["ana pereira"]

    run_import_command("Name,Email\nAna Pereira,ana@example.com\n", "--on-match", "overwrite")
    assert list_client_names() == ["Ana Pereira"]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("", [], "empty"),
        ("<svg/>", [], "web page"),
        ("Name\nAna\n", [], "email addresses or phone"),
        ("Name,Email\n", ["--mapping", "nonsense"], "JSON"),
        ("Name,Email\nAna,a@example.com\n", ["--mapping", '{"Name": "shoe"}'], "shoe"),
    ],
)
def test_an_error_is_reported_in_a_sentence(run_import_command, acme, text, arguments, message):
    with pytest.raises(CommandError, match=message):
        run_import_command(text, *arguments)
    with use_business(acme):
        assert not Upload.objects.exists()
