"""Who are the demo's clients? The same few in both businesses, and about thirty of each one's own.

Addresses end in example.com or example.org; numbers are from the ranges that Ofcom, the
Bundesnetzagentur and NANPA set aside for films. None can ever reach anybody.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAILBOX, OTHER_MAILBOX = "example.com", "example.org"


@dataclass(frozen=True)
class Somebody:
    """A client of the demo: a name and how to reach them."""

    name: str
    email: str = ""
    mobile: str = ""
    language: str = ""
    is_archived: bool = False
    is_blocked: bool = False


# Each shows one case of signing in; both businesses have them, as strangers to one another.
EVERYWHERE = (
    Somebody("Ana Pereira", "ana@example.com", "+447700900101"),
    Somebody("Bo Lind", "bo@example.com"),
    Somebody("Chi Okafor", mobile="+447700900103"),
    Somebody("Grace Hollis", "gone@example.com", is_archived=True),
)
SHARED_MAILBOX = "family@example.com"

FAMILY = {"acme": ("Jonas Brandt", "Mia Brandt"), "globex": ("Dana Whitfield", "Owen Whitfield")}
BLOCKED = {"acme": "Falk Ritter", "globex": "Rex Calloway"}
MOBILES = {"acme": "+4917139200{:02}", "globex": "+120255501{:02}"}

SPELLED = {"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss", "ø": "o", "ı": "i"}

OWN = {
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


def clients_of(slug: str) -> Iterator[Somebody]:
    """Yield everybody on the list of one of the demo's businesses."""
    yield from EVERYWHERE
    yield from (Somebody(name, SHARED_MAILBOX) for name in FAMILY[slug])
    yield Somebody(BLOCKED[slug], _address(BLOCKED[slug], MAILBOX), is_blocked=True)
    for number, name in enumerate(OWN[slug].replace("\n", " ").split(",")):
        yield _own_client(slug, number, " ".join(name.split()))


def _own_client(slug: str, number: int, name: str) -> Somebody:
    """Give two of three a mobile, every eleventh only that, and most Germans German."""
    email = "" if number % 11 == 10 else _address(name, OTHER_MAILBOX if number % 4 else MAILBOX)
    mobile = MOBILES[slug].format(number) if number % 3 or not email else ""
    return Somebody(name, email, mobile, language="de" if slug == "acme" and number % 5 else "")


def _address(name: str, domain: str) -> str:
    """Make a mailbox of a name: `Amelie Krüger` reads amelie.krueger@…"""
    spelled = "".join(SPELLED.get(sign, sign) for sign in name.lower())
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{domain}"
