"""Who counts? Demo clients never do, nor does anything that belongs to them."""

from typing import Self

from django.db import models


class DemoAwareQuerySet(models.QuerySet):
    """The rows of a business, of which a demo client's can be left out.

    Every model from which a path leads to a client has this as its manager, or one that
    inherits it. `client_path` is that path, empty on the client itself.
    """

    client_path = "client"

    def exclude_demo(self) -> Self:
        """Leave out demo clients and all that belongs to them: lists, counts, exports and sends begin here."""
        return self.exclude(**{f"{self.client_path}__is_demo" if self.client_path else "is_demo": True})


# Named here, for the checker of types knows a manager only by the module that makes it.
DemoAwareManager = models.Manager.from_queryset(DemoAwareQuerySet)
