"""The form of a room or a piece of equipment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.models import ResourceKind
from portal.ui.form_fields import SingleLineField


class ResourceForm(EditForm):
    """What it is called, and whether services need any one of its kind or this very piece."""

    name = SingleLineField(label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=ResourceKind.choices)
    is_active = forms.BooleanField(label=_("In use"), required=False)
