"""The table, the same at the end of either history."""

from django.db import models


class NamedRow(models.Model):
    """A row with a name; the benchmark writes none."""

    name = models.CharField(max_length=20)

    class Meta:
        app_label = "migrations_site"

    def __str__(self):
        return self.name
