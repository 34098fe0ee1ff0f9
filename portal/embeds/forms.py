"""The form in which staff list the websites that may use the portal."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.embeds.origins import MAX_WEBSITES, InvalidOrigin, parse_origin
from portal.ui.form_fields import MultiLineField


class WebsiteListField(MultiLineField):
    """The addresses of websites, one on each line, as a list of their origins."""

    def prepare_value(self, value):
        """Return the text of a list."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        """Return the origins. Raises ValidationError, which names an address that is none."""
        origins = []
        for line in super().clean(value).split():
            try:
                origins.append(parse_origin(line))
            except InvalidOrigin as error:
                message = _("“%(text)s” is not the address of a website. Write it as https://www.example.com.")
                raise ValidationError(message, params={"text": line[:80]}) from error
        if len(origins) > MAX_WEBSITES:
            raise ValidationError(_("Enter at most %(number)d websites."), params={"number": MAX_WEBSITES})
        return origins


class AllowedWebsitesForm(forms.Form):
    """Which websites may show the forms, and which may call the API."""

    embedding_origins = WebsiteListField(
        label=_("Websites that show your forms"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    api_origins = WebsiteListField(
        label=_("Websites that use the API"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
