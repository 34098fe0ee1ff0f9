"""The kinds of timeline events about a business’s team, and of emails to staff."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tenants.staff_email_kinds import CODE_EMAIL_KIND


class TeamEvent(TextChoices):
    """A change to who works at the business, or in which role."""

    INVITED = "team.invited", _("Invited a colleague")
    INVITATION_RESENT = "team.invitation-resent", _("Resent an invitation")
    INVITATION_WITHDRAWN = "team.invitation-withdrawn", _("Withdrew an invitation")
    JOINED = "team.joined", _("Joined the team")
    ROLE_CHANGED = "team.role-changed", _("Changed a colleague’s role")
    MEMBER_REMOVED = "team.member-removed", _("Removed a colleague")


class TeamEmail(TextChoices):
    """An email from the platform to a member of staff; each is a folder in templates/messages/."""

    CODE = CODE_EMAIL_KIND
    INVITATION = "staff-invitation"
    NEW_BROWSER = "staff-new-browser"
    FACTOR = "staff-factor"
