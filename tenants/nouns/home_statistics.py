"""What a noun shows as a number on the console's home page."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Statistic:
    """A number on the home page, with a sentence about it that links to a page of the console by its `url_name`."""

    label: str | Promise
    value: int
    text: str | Promise
    url_name: str = ""
