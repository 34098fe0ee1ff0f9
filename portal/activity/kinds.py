"""The kinds of timeline events about the Activity page."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityExportEvent(TextChoices):
    """A copy of what staff did."""

    EXPORTED = "activity.exported", _("Activity exported")
