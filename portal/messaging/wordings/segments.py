"""How many text messages does a text cost? It depends on its signs, and one of them can double the price."""

from dataclasses import dataclass

# What a text message holds at full length (GSM 03.38): each of these is one unit, each of EXTENDED two.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[~]|€\f"
# How many units fit into a text that stands alone, and into each part of a longer one.
PLAIN, UNICODE = (160, 153), (70, 67)


@dataclass(frozen=True)
class Weight:
    """How many units a text has, how many texts that makes, and which signs need the dearer way of writing."""

    units: int
    parts: int
    odd: str

    @property
    def is_plain(self) -> bool:
        """Tell whether every sign is one that a text message holds at full length."""
        return not self.odd


def weigh(text: str) -> Weight:
    """Return what a text costs."""
    odd = "".join(dict.fromkeys(sign for sign in text if sign not in BASIC and sign not in EXTENDED))
    lengths = [_units(sign, is_plain=not odd) for sign in text]
    alone, each = UNICODE if odd else PLAIN
    units = sum(lengths)
    return Weight(units, 1 if units <= alone else _parts(lengths, each), odd)


def _units(sign: str, *, is_plain: bool) -> int:
    if is_plain:
        return 2 if sign in EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1


def _parts(lengths: list[int], each: int) -> int:
    """Return into how many parts signs go; none of them is torn apart."""
    parts, room = 1, each
    for length in lengths:
        if length > room:
            parts, room = parts + 1, each
        room -= length
    return parts
