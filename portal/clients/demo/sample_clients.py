"""The clients of the demo's businesses: a few that both have, and about thirty of each one's own.

Addresses end in example.com or example.org; numbers are from the ranges that Ofcom, the
Bundesnetzagentur and NANPA set aside for films. None of them can reach a real person.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

DOMAIN, OTHER_DOMAIN = "example.com", "example.org"


@dataclass(frozen=True)
class SampleClient:
    """One invented client: a name, contact data and a status."""

    name: str
    email: str = ""
    mobile: str = ""
    language: str = ""
    is_archived: bool = False
    is_blocked: bool = False


# Each shows one case of signing in. Both businesses have them, as separate clients.
COMMON_CLIENTS = (
    SampleClient("Ana Pereira", "ana@example.com", "+447700900101"),
    SampleClient("Bo Lind", "bo@example.com"),
    SampleClient("Chi Okafor", mobile="+447700900103"),
    SampleClient("Grace Hollis", "gone@example.com", is_archived=True),
)
FAMILY_EMAIL = "family@example.com"

FAMILY_MEMBERS = {"acme": ("Jonas Brandt", "Mia Brandt"), "globex": ("Dana Whitfield", "Owen Whitfield")}
BLOCKED_CLIENTS = {"acme": "Falk Ritter", "globex": "Rex Calloway"}
MOBILE_PATTERNS = {"acme": "+4917139200{:02}", "globex": "+120255501{:02}"}

TRANSLITERATION = {"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss", "ø": "o", "ı": "i"}

CLIENT_NAMES = {
    "acme": """
        Amelie Krüger, Anton Weiß, Beatrix Sommer, Cem Yılmaz, Charlotte Ebert, Clara Neumann, David Osei,
        Elif Aydın, Emil Hartmann, Frieda Lorenz, Georg Baumann, Hanna Vogt, Henrik Sørensen, Ida Kowalska,
        Jakob Winter, Johanna Peters, Karl-Heinz Möller, Katharina Busch, Lena Fuchs, Leo Schuster,
        Luise Engel, Magda Nowak, Marlene Otto, Matteo Ricci, Nadia Haddad, Oskar Lehmann, Paula Simon,
        Ruth Abel, Samir Benali, Sofia Marques, Theo Franke, Ulrike Pohl, Viktor Horvat""",
    "globex": """
        Aaron Blake, Alicia Romero, Amir Rahimi, Bella Fontaine, Caleb Stroud, Carmen Ortiz, Daniel Kwan,
        Deborah Sutton, Eleanor Vance, Ethan Marsh, Fatima Siddiqui, Felix Monroe, Georgia Pruitt,
        Harold Beck, Imani Brooks, Isaac Levin, Jocelyn Tran, Julian Cortez, Kara Lindqvist, Leonard Shaw,
        Maggie Doyle, Marcus Webb, Naomi Fischer, Nikhil Rao, Olivia Grant, Pedro Alvarez, Priya Menon,
        Quentin Hale, Rosa Delgado, Seth Aldridge, Tessa Moran, Victor Huang, Wendy Castellano""",
}


def iter_sample_clients(slug: str) -> Iterator[SampleClient]:
    """Yield the clients of one of the demo's businesses, always in the same order."""
    yield from COMMON_CLIENTS
    yield from (SampleClient(name, FAMILY_EMAIL) for name in FAMILY_MEMBERS[slug])
    yield SampleClient(BLOCKED_CLIENTS[slug], _build_email_address(BLOCKED_CLIENTS[slug], DOMAIN), is_blocked=True)
    for number, name in enumerate(CLIENT_NAMES[slug].replace("\n", " ").split(",")):
        yield _build_client(slug, number, " ".join(name.split()))


def _build_client(slug: str, number: int, name: str) -> SampleClient:
    """Build a client: two of three have a mobile number, every eleventh has no email, most of Acme's read German."""
    email = "" if number % 11 == 10 else _build_email_address(name, OTHER_DOMAIN if number % 4 else DOMAIN)
    mobile = MOBILE_PATTERNS[slug].format(number) if number % 3 or not email else ""
    return SampleClient(name, email, mobile, language="de" if slug == "acme" and number % 5 else "")


def _build_email_address(name: str, domain: str) -> str:
    """Return an email address made from a name: `Amelie Krüger` becomes amelie.krueger@…"""
    transliterated = "".join(TRANSLITERATION.get(character, character) for character in name.lower())
    plain = unicodedata.normalize("NFKD", transliterated).encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{domain}"
