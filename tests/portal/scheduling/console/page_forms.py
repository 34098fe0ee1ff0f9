"""Reads what a page's form would send, so that tests send it back changed."""

from html.parser import HTMLParser
from typing import Any


class _FormReader(HTMLParser):
    """Collects the values of inputs, text areas and selects, as a browser sends them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select, self._text_area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = {name: value if value is not None else "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            is_tick = found.get("type") in ("checkbox", "radio")
            if not is_tick or "checked" in found:
                self._add(name, found.get("value", "on" if is_tick else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.values):
            # Without a choice, browsers send the first option.
            self.values[self._select] = [found["value"]]
        elif tag == "textarea":
            self._text_area = name
            self._add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text_area = ""

    def handle_data(self, data: str) -> None:
        if self._text_area:
            self.values[self._text_area][-1] += data.removeprefix("\n").removeprefix("\r\n")

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def read_form(response: Any) -> dict[str, list[str]]:
    """Return the values that the forms of a page's main part send, by name."""
    reader = _FormReader()
    reader.feed(response.content.decode().partition("<main")[2])
    return reader.values


def save_form(browser: Any, path: str, **changes: Any) -> Any:
    """Open a page and send its form with these values changed; None leaves one out."""
    typed = read_form(browser.get(path)) | changes
    return browser.post(path, {name: value for name, value in typed.items() if value is not None})
