"""The number of SMS segments that a text takes: networks charge for each, and one character can double the number."""

from dataclasses import dataclass

# The GSM 03.38 alphabet: each of these characters takes one unit, each of the extended ones two.
GSM7_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = "^{}\\[~]|€\f"
# How many units fit into a single segment, and into each segment of a longer text.
GSM7_LIMITS, UCS2_LIMITS = (160, 153), (70, 67)


@dataclass(frozen=True)
class SegmentCount:
    """The units and segments of a text, and its characters outside GSM 03.38, which make it UCS-2."""

    units: int
    segments: int
    non_gsm: str

    @property
    def is_gsm7(self) -> bool:
        """Tell whether every character is in GSM 03.38, so that a segment has its full length."""
        return not self.non_gsm


def count_segments(text: str) -> SegmentCount:
    """Return how many units and segments a text takes."""
    non_gsm = "".join(dict.fromkeys(char for char in text if char not in GSM7_BASIC and char not in GSM7_EXTENDED))
    lengths = [_count_units(char, is_gsm7=not non_gsm) for char in text]
    single_limit, segment_limit = UCS2_LIMITS if non_gsm else GSM7_LIMITS
    units = sum(lengths)
    return SegmentCount(
        units, 1 if units <= single_limit else _count_concatenated_segments(lengths, segment_limit), non_gsm
    )


def _count_units(char: str, *, is_gsm7: bool) -> int:
    if is_gsm7:
        return 2 if char in GSM7_EXTENDED else 1
    return 2 if ord(char) > 0xFFFF else 1


def _count_concatenated_segments(lengths: list[int], segment_limit: int) -> int:
    """Return the number of segments for characters of these lengths; no character is split between two."""
    segments, free = 1, segment_limit
    for length in lengths:
        if length > free:
            segments, free = segments + 1, segment_limit
        free -= length
    return segments
