"""Two spellings are the same name, or another name is a question for staff."""

import pytest

from portal.clients.services.name_comparison import are_same_name


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ana Pereira", "ANA  PEREIRA "),
        ("José Müller", "Jose\u0301 Muller"),
        ("Ben Ferrer", "Ferrer, Ben"),
        ("ben ferrer", "FERRER ,BÉN"),
        ("Ａｎａ", "Ana"),
        ("Groß", "GROSS"),
        ("Ana\u200bPereira", "AnaPereira"),
        ("Ana\u00a0Pereira", "Ana Pereira"),
    ],
)
def test_spellings_of_one_name_are_the_same(name, other):
    assert are_same_name(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ana Pereira", "Ana P."),
        ("Ana Pereira", "Pereira Ana"),
        ("Mona Ferrer", "Ben Ferrer"),
        ("Ana", ""),
        ("Ana,", "Bo,"),
        (", Ana", "Ana"),
    ],
)
def test_other_names_are_not_the_same(name, other):
    assert not are_same_name(name, other)
