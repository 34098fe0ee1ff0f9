"""What is asked of whoever changes the team?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.models import Membership, Role
from tenants.staff.team import can_assign_role


class PlaceForm(forms.Form):
    """A role and its two switches, as far as whoever fills it in may give them."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    billing = forms.BooleanField(label=_("Money: invoices and payments"), required=False)
    documents = forms.BooleanField(label=_("Documents"), required=False)

    def __init__(self, *args: object, by: Membership, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        given = [
            choice for choice in Role.choices if can_assign_role(by, role=choice[0], billing=False, documents=False)
        ]
        self.fields["role"].choices = given  # type: ignore[attr-defined]


class InvitationForm(PlaceForm):
    """The same, and whom to invite."""

    email = forms.EmailField(label=_("Email address"))
    field_order = ("email", "role", "billing", "documents")
