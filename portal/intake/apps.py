"""Which app is this?"""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The public forms: how people who are not on the client list reach a business."""

    name = "portal.intake"
    label = "intake"
