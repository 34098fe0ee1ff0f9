"""Labels of addresses: a column beside a value that says in each row what number or mailbox that value is.

Address books write “Phone 1 - Label” beside “Phone 1 - Value”. A fax, a pager or an emergency contact has such a label,
and is left out: whoever has an address on a card can sign in as that client.
"""

import re
from collections.abc import Sequence

from portal.clients.uploads.column_headings import EMAIL, LABEL_BEFORE, LABEL_NEXT, PHONE
from portal.ui.text_folding import fold_text

LABEL_WORDS = frozenset("label type typ art bezeichnung kind libelle etiquette etiqueta tipo etichetta soort".split())
VALUE_WORDS = frozenset("value wert valeur valor valore waarde".split())
# What a label of an own number or mailbox consists of.
OWN_WORDS = frozenset(
    "home work mobile cell cellular cellphone main other custom private personal primary preferred default business "
    "office direct landline phone telephone number tel email e mail internet iphone whatsapp sms google voice car "
    "radio grand central icloud gmail company organisation organization my contacts "
    "mobil mobiltelefon handy diensthandy privat private privates arbeit geschaftlich dienstlich buro firma zuhause "
    "festnetz haupt hauptnummer sonstige sonstiges andere weitere telefon nummer "
    "domicile maison travail bureau portable prive personnel autre principal principale "
    "casa trabajo trabalho lavoro ufficio movil celular cellulare telemovel otro outro altro particular privato "
    "thuis werk mobiel dom praca komorka hem arbete hjem arbejde arbeid".split()
)


def guess_label_target(headings: Sequence[str], targets: Sequence[str], index: int) -> str:
    """Return LABEL_NEXT or LABEL_BEFORE for a column of labels, by the headings of its neighbours; else nothing."""
    words = _split_heading(headings[index])
    if not words or words[-1] not in LABEL_WORDS:
        return ""
    for neighbour, target in ((index + 1, LABEL_NEXT), (index - 1, LABEL_BEFORE)):
        is_address = 0 <= neighbour < len(targets) and targets[neighbour] in (EMAIL, PHONE)
        if is_address and _strip_value_word(_split_heading(headings[neighbour])) == words[:-1]:
            return target
    return ""


def find_label_columns(targets: Sequence[str]) -> dict[int, int]:
    """Return the column with the label of each column that has one."""
    offsets = {LABEL_NEXT: 1, LABEL_BEFORE: -1}
    return {index + offsets[target]: index for index, target in enumerate(targets) if target in offsets}


def is_own_label(label: str) -> bool:
    """Return whether a label says, as far as its words are known, that an address is the client's own."""
    return set(re.findall(r"[^\W\d_]+", fold_text(label))) <= OWN_WORDS


def _split_heading(heading: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold_text(heading))


def _strip_value_word(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1] in VALUE_WORDS else words
