"""The app configuration of the contact form and its enquiries."""

from django.utils.translation import gettext_lazy as _

from portal.intake.kinds import IntakeEvent
from tenants.nouns.config import NounConfig


class IntakeConfig(NounConfig):
    """The public contact form, by which people who are not on the client list reach a business."""

    name = "portal.intake"
    label = "intake"

    event_types = IntakeEvent
    event_areas = {"intake": _("Forms")}
    event_presenter = "portal.intake.presenters.IntakeEventPresenter"
    personal_data = "portal.intake.personal_data.POLICIES"

    demo_business_seeder = "portal.intake.demo.seed_demo_business"
