"""Comparison of names: whether two spellings are the same name."""

from portal.ui.name_folding import fold_name
from tenants.text_cleaning import normalise_text


def normalise_name(name: str) -> str:
    """Return a name as it is compared: without case, optional marks and spaces, “Last, First” turned round."""
    folded = fold_name(normalise_text(name))
    last, comma, first = folded.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and last.strip() else folded


def are_same_name(name: str, other: str) -> bool:
    """Tell whether two spellings are the same name. It says nothing about whether they are one person."""
    return normalise_name(name) == normalise_name(other)
