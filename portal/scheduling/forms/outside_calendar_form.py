"""The forms of an outside calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.outside_calendars.addresses import MAX_ADDRESS_LENGTH
from portal.ui.form_fields import SingleLineField

ADDRESS_WIDGET = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"})


class NewOutsideCalendarForm(EditForm):
    """What it is called, and its secret address."""

    name = SingleLineField(label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")})
    address = SingleLineField(
        label=_("Secret address in iCal format"),
        max_length=MAX_ADDRESS_LENGTH,
        widget=ADDRESS_WIDGET,
        error_messages={"required": _("Enter the address.")},
    )


class OutsideCalendarForm(EditForm):
    """What it is called, whether it counts, and another address; the one that is saved is never shown."""

    name = SingleLineField(label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")})
    address = SingleLineField(
        label=_("New secret address"), max_length=MAX_ADDRESS_LENGTH, required=False, widget=ADDRESS_WIDGET
    )
    is_active = forms.BooleanField(label=_("Counts as busy"), required=False)
