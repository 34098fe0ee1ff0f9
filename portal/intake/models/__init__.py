"""What does a business ask of strangers, and what did they answer?"""

from portal.intake.models.contact_form import Asked, ContactForm
from portal.intake.models.submission import Submission

__all__ = ["Asked", "ContactForm", "Submission"]
