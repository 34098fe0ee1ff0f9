"""What nouns declare of their forms that a business can show on its own website."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Embed:
    """A public form for other websites, and the page of the portal that has the same form.

    Both URL names have their namespace; the view of `url_name` is decorated with `portal.embeds.framing.embeddable`.
    `is_available` is the path of a function (business) that tells whether the business has the form. Lower positions
    come first.
    """

    key: str
    label: str | Promise
    url_name: str
    page_url_name: str
    is_available: str
    position: int = 100
