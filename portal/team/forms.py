"""Forms for inviting and changing team members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.form_choices import set_choices
from tenants.models import Membership, Role
from tenants.nouns import registry
from tenants.staff.team import can_assign_role


class MembershipForm(forms.Form):
    """The role and extra areas of a member; it offers only roles that the acting member may assign."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    areas = forms.MultipleChoiceField(label=_("Additional access"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        set_choices(self, "role", [choice for choice in Role.choices if can_assign_role(by, role=choice[0], areas=())])
        set_choices(self, "areas", [(area.key, area.label) for area in registry.get_restricted_areas().values()])


class InvitationForm(MembershipForm):
    """A membership form with the email address to invite."""

    email = forms.EmailField(label=_("Email address"))
    field_order = ("email", "role", "areas")
