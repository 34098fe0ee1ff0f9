"""The kinds of timeline events about a business’s team."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TeamEvent(TextChoices):
    """A change to who works at the business, or in which role."""

    INVITED = "team.invited", _("Invited a colleague")
    INVITATION_RESENT = "team.invitation-resent", _("Resent an invitation")
    INVITATION_WITHDRAWN = "team.invitation-withdrawn", _("Withdrew an invitation")
    JOINED = "team.joined", _("Joined the team")
    ROLE_CHANGED = "team.role-changed", _("Changed a colleague’s role")
    MEMBER_REMOVED = "team.member-removed", _("Removed a colleague")
