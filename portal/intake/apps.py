"""The app configuration of the contact form and its enquiries."""

from tenants.nouns.config import NounConfig


class IntakeConfig(NounConfig):
    """The public contact form, by which people who are not on the client list reach a business."""

    name = "portal.intake"
    label = "intake"

    personal_data = "portal.intake.personal_data.POLICIES"

    demo_business_seeder = "portal.intake.demo.seed_demo_business"
