"""What the timeline's entries about the team say to people."""

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter
from tenants.models import Role


class TeamEventPresenter(EventPresenter):
    """Says which role and areas a colleague was given."""

    field_labels = EventPresenter.field_labels | {
        "role": _("Role"),
        "billing": _("Billing"),
        "documents": _("Documents"),
    }
    value_labels = EventPresenter.value_labels | {"role": dict(Role.choices)}
