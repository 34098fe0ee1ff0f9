"""The app configuration of the contact form and its enquiries."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The public contact form, by which people who are not on the client list reach a business."""

    name = "portal.intake"
    label = "intake"
