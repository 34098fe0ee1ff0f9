"""The forms of the sign-in pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.clients.identifiers import Identifier, InvalidIdentifier, parse_identifier


class IdentifierForm(forms.Form):
    """The address a person signs in with: an email address or a mobile number."""

    identifier = forms.CharField(
        label=_("Email address or mobile number"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address or mobile number."),
            "max_length": _("This is too long for an email address or a mobile number."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
        ),
    )

    def __init__(self, *args, country: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.country = country

    @property
    def cleaned_identifier(self) -> Identifier:
        """Return the normalised address of a valid form."""
        return self.cleaned_data["identifier"]

    def clean_identifier(self) -> Identifier:
        try:
            return parse_identifier(self.cleaned_data["identifier"], country=self.country)
        except InvalidIdentifier as error:
            raise ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """A typed code, and whether to stay signed in. What can't be a code is told when its challenge is known."""

    code = forms.CharField(
        label=_("Code"),
        max_length=200,
        error_messages={
            "required": _("Enter the code from our message."),
            "max_length": _("A code is shorter than that. Enter only the digits."),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "none",
                "autofocus": "autofocus",
                "enterkeyhint": "go",
                "spellcheck": "false",
            }
        ),
    )
    remember_me = forms.BooleanField(label=_("Keep me signed in on this device"), required=False)


def build_unreadable_code_message(length: int) -> str:
    """Return the error message for what can't be the code of a challenge."""
    return gettext("Your code has %(length)d digits. Enter the ones in our message.") % {"length": length}


def build_wrong_code_message(left: int) -> str:
    """Return the error message for a wrong code, with the number of guesses left."""
    sentence = gettext("That code isn’t right. Check the latest message from us and try again.")
    if not left:
        return sentence
    return f"{sentence} " + ngettext("You have %(left)d attempt left.", "You have %(left)d attempts left.", left) % {
        "left": left
    }


def build_old_code_message(has_newer: bool) -> str:
    """Return the error message for a code that no longer works."""
    if has_newer:
        return gettext("That code has been replaced. Enter the one from our newest message.")
    return gettext("That code has expired. You need a new one.")
