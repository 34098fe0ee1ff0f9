"""The table that the list is imported into."""

from django.db import models


class ImportedPerson(models.Model):
    """One row of the list, unchanged."""

    first_name = models.TextField()
    last_name = models.TextField()
    email = models.TextField(unique=True)
    mobile = models.TextField(blank=True)
    language = models.TextField(blank=True)
    tags = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        app_label = "import_export_site"

    def __str__(self):
        return self.email
