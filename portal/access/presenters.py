"""What the timeline's entries about signing in say to people."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.activity.presenters import EventPresenter


class AccessEventPresenter(EventPresenter):
    """Says which address was entered, and whether the browser was new."""

    def iter_own_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the masked address that was entered, whether anybody has it, and whether the browser was new."""
        if typed_address := data.get("typed"):
            yield _("entered %(address)s") % {"address": typed_address}
        if not data.get("known", True):
            yield _("no client has this address")
        if data.get("new_browser"):
            yield _("in a new browser")
