"""What is in that table? Always the same in the end, whatever its history."""

from django.db import models


class Thing(models.Model):
    """Something."""

    name = models.CharField(max_length=20)

    class Meta:
        app_label = "growing"

    def __str__(self):
        return self.name
