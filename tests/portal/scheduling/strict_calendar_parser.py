"""A parser of iCalendar files that follows the grammar of RFC 5545 to the letter and shares no code with the writer."""

import re
from dataclasses import dataclass, field

MAX_OCTETS = 75
FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
PARAMETER = r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)'
CONTENT_LINE = re.compile(rf"([A-Z0-9-]+)((?:{PARAMETER})*):(.*)", re.DOTALL)
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
TEXT_ESCAPE = re.compile(r"\\(.)")
PARAMETER_ESCAPE = re.compile(r"\^([n^'])")


@dataclass(frozen=True)
class Property:
    """One property: its name, its parameters by their names, and its value as it is written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a TEXT, without its escapes."""
        assert TEXT.fullmatch(self.value), self.value
        return TEXT_ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Component:
    """One component with its properties, in order, and the components in it."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of its properties."""
        return [each.name for each in self.properties]

    def __getitem__(self, name: str) -> Property:
        """Return the only property of a name."""
        [found] = [each for each in self.properties if each.name == name]
        return found


def parse_calendar(content: bytes) -> Component:
    """Return the only calendar of a file. Raises AssertionError where the file breaks the grammar."""
    root = Component("")
    open_components = [root]
    for line in unfold_lines(content):
        parsed = _parse_line(line)
        if parsed.name == "BEGIN":
            open_components[-1].components.append(Component(parsed.value))
            open_components.append(open_components[-1].components[-1])
        elif parsed.name == "END":
            assert open_components.pop().name == parsed.value
        else:
            open_components[-1].properties.append(parsed)
    assert open_components == [root]
    assert not root.properties
    [calendar] = root.components
    assert calendar.name == "VCALENDAR"
    return calendar


def unfold_lines(content: bytes) -> list[str]:
    """Return the content lines of a file, each folded line decoded by itself, so that none may end inside a letter."""
    assert content.endswith(b"\r\n")
    lines: list[str] = []
    for physical in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(physical) <= MAX_OCTETS
        line = physical.decode("utf-8")
        assert not FORBIDDEN.search(line), line
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def _parse_line(line: str) -> Property:
    found = CONTENT_LINE.fullmatch(line)
    assert found, line
    parameters = re.findall(PARAMETER, found[2])
    assert len({name for name, _value in parameters}) == len(parameters)
    return Property(found[1], {name: _decode_parameter(value) for name, value in parameters}, found[5])


def _decode_parameter(value: str) -> str:
    return PARAMETER_ESCAPE.sub(lambda one: {"n": "\n", "^": "^", "'": '"'}[one[1]], value.strip('"'))
