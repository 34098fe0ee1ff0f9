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
        ("Nguyễn Thị Hoa", "Nguyen Thi Hoa"),
        ("Ελένη Παππά", "ΕΛΕΝΗ ΠΑΠΠΑ"),
        ("Семён", "Семен"),
        ("مُحَمَّد عليّ", "محمد علي"),
        ("أحمد", "احمد"),
        ("محمـــد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ﾀﾞﾃﾞ ﾏｻｵ", "ダデ マサオ"),
        ("\u30bf\u3099テ", "ダテ"),
        ("\u1100\u1175\u11b7\u1106\u1175\u11ab", "김민"),
        ("علی\u200cرضا", "علیرضا"),
        ("क\u094d\u200dष", "क\u094dष"),
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
        ("रीता", "रता"),
        ("राम", "रमा"),
        ("सुनील", "सनल"),
        ("कर्ण", "करण"),
        ("क़ासिम", "कासिम"),
        ("கீதா", "கதா"),
        ("ரவி", "ரவ்"),
        ("น้ำ", "นำ"),
        ("ขวัญ", "ขวญ"),
        ("ไก่", "ไก้"),
        ("かとう", "がとう"),
        ("ﾀﾃ", "ﾀﾞﾃ"),
        ("はるか", "ぱるか"),
        ("김민", "기민"),
        ("فؤاد", "فواد"),
        ("Андрій", "Андріи"),
        ("Їжак", "Іжак"),
    ],
)
def test_other_names_are_not_the_same(name, other):
    assert not are_same_name(name, other)
