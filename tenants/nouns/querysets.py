"""The queryset that leaves out demo clients and whatever belongs to them."""

from typing import Self

from django.db import models


class DemoAwareQuerySet(models.QuerySet):
    """The rows of a model that belong to clients, demo clients included.

    Every model with a path of foreign keys to a client has this as its manager, or a subclass.
    `client_path` is that path, empty on the client itself.
    """

    client_path = "client"

    def exclude_demo(self) -> Self:
        """Exclude demo clients and their rows. Every list, count, export and send has to call this."""
        return self.exclude(**{f"{self.client_path}__is_demo" if self.client_path else "is_demo": True})


# Assigned here because mypy finds a manager only in the module that creates it.
DemoAwareManager = models.Manager.from_queryset(DemoAwareQuerySet)
