"""A heading says what a column holds, in ten languages, and whose it is."""

import pytest

from portal.clients.uploads.column_headings import is_unknown_heading, names_somebody_else
from portal.clients.uploads.column_mapping import guess_targets

SOMEBODY_ELSE = """
Emergency Phone / EmergencyPhone / Emergency Contact / ICE / Next of kin phone / Parent's email / Mum’s mobile
Guardian
Spouse Email / Partner phone / Fax / Business Fax / Home Fax / Pager / Assistant's Phone / Company Main Phone
Work Main
Switchboard / Referred By Email / Doctor / GP phone / Contact owner email / Manager's Name / Callback / TTY-TDD Phone
Notfallnummer / Notfall-Telefon / Telefon (Notfall) / Angehörige Telefon / Elterntelefon / Handy der Mutter / Faxnummer
Telefax / Zentrale / Sekretärin Telefon / Sekretariat / Hausarzt Telefon / Erziehungsberechtigte E-Mail / Ehepartner
Téléphone d’urgence / Contact d'urgence / Téléphone père / Médecin / Teléfono de emergencia / Contacto de emergencia
Teléfono madre / Telefono di emergenza / Telefono genitore / Telefone do pai / Contato de emergência / Telefoon ouders
Noodcontact / Huisarts / Telefon rodzica / Telefon awaryjny / Anhörig telefon / Växel / Pårørende telefon / Læge
"""
THEIR_OWN = """
Name / Family name / Phone / Mobile / Home phone / Work phone / Primary Phone / Other Phone / Contact No.
Telefon privat
E-mail / Email 2 / Handy-Nr. / Portable / Teléfono móvil / Cellulare / Mobiel / Komórka / Ansprechpartner
Muttersprache
"""
UNKNOWN = """
Emerg Phone / EC Phone / N.O.K. Tel / Nottelefon / Mama / Papa Handy / Oma / Daughter / Contact 2 phone / Company phone
PA phone / Billing email / Rechnungs-E-Mail / Info
"""
THEIR_ADDRESSES = """
Mobile Phone Number / Cell Phone Number / Telephone Number / Tel. (privat) / Telefon mobil / Handy privat / Car Phone
Radio Phone / Business Phone 2 / E-mail 2 Address / Email ID / Client Email / Work Phone Number / Private E-Mail
"""


def split_headings(text):
    return [heading.strip() for line in text.strip().splitlines() for heading in line.split(" / ")]


@pytest.mark.parametrize("heading", split_headings(SOMEBODY_ELSE))
def test_a_column_about_somebody_else_is_left_to_staff(heading):
    cells = [["+49 171 3920099"], ["ole@example.com"], ["de"]]

    assert names_somebody_else(heading)
    for cell in cells:
        assert guess_targets([heading], [cell], [], country="DE") == [""]


@pytest.mark.parametrize("heading", split_headings(UNKNOWN))
@pytest.mark.parametrize("cell", ["+49 171 3920099", "ole@example.com"])
def test_addresses_under_an_unknown_heading_are_left_to_staff(heading, cell):
    assert guess_targets(["Name", heading], [["Ida", cell]], [], country="DE") == ["name", ""]
    assert is_unknown_heading(heading)


@pytest.mark.parametrize("heading", ["", " ", "2", "#"])
def test_addresses_without_a_heading_are_guessed_from_their_cells(heading):
    cells = ["+49 171 3920099", "ole@example.com"]

    assert guess_targets([heading, heading], [cells], [], country="DE") == ["phone", "email"]


@pytest.mark.parametrize("heading", split_headings(THEIR_ADDRESSES))
def test_a_heading_of_the_client_s_own_address_is_known(heading):
    assert guess_targets([heading], [], [], country="DE")[0] in ("email", "phone")


@pytest.mark.parametrize("heading", split_headings(THEIR_OWN))
def test_a_column_of_the_client_is_theirs(heading):
    assert not names_somebody_else(heading)


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("E-mail address (primary);Given names;Surname;Cell #", "email first-name last-name phone"),
        ("Correo electrónico;Nombre;Apellidos;Teléfono móvil", "email first-name last-name phone"),
        ("Adresse e-mail;Prénom;Nom;Portable", "email first-name last-name phone"),
        ("Nome;Cognome;Indirizzo e-mail;Cellulare", "first-name last-name email phone"),
        ("Nome;Apelido;E-mail;Telemóvel", "first-name last-name email phone"),
        ("Voornaam;Achternaam;E-mailadres;Mobiel", "first-name last-name email phone"),
        ("Imię;Nazwisko;E-mail;Telefon komórkowy", "first-name last-name email phone"),
        ("Förnamn;Efternamn;E-post;Mobilnummer", "first-name last-name email phone"),
        ("Fornavn;Efternavn;E-mail;Telefon", "first-name last-name email phone"),
        ("Patient;Email 1;Email2;Contact No.;Emergency Contact;Emergency Phone", "name email email phone  "),
        ("First Name;E-mail 1 - Value;Phone 1 - Value", "first-name email phone"),
    ],
)
def test_columns_are_guessed_from_headings_of_ten_languages(headings, targets):
    assert guess_targets(headings.split(";"), [], [], country="DE") == targets.split(" ")


@pytest.mark.parametrize("cell", ["02134-1234", "03/14/1985", "01.02.1985", "2026-01-09", "0000001"])
def test_dates_and_postal_codes_are_not_taken_for_phone_numbers(cell):
    assert guess_targets(["Unknown"], [[cell]] * 3, [], country="US") == [""]
