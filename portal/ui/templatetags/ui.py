"""How do templates say what HTML has no short word for?"""

from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.profile.models import Profile
from portal.ui.colour import EDITION

register = template.Library()


@register.simple_tag
def control(field: BoundField, css: str = "input", **attrs: str) -> SafeString:
    """Render a form field's input, tied to its help and its error for those who can't see them beside it."""
    notes = [f"{field.auto_id}-help"] if attrs.pop("help", "") or field.help_text else []
    if field.errors:
        notes.append(f"{field.auto_id}-error")
    extra = {"class": css} | {name.replace("_", "-"): value for name, value in attrs.items() if value}
    if notes:
        extra["aria-describedby"] = " ".join(notes)
    if field.errors:
        extra["aria-invalid"] = "true"
    return field.as_widget(attrs=extra)


@register.simple_tag
def theme_url(profile: Profile) -> str:
    """Return the address of a business's colours; it changes when they do, so that browsers may keep it."""
    version = f"{profile.colour[1:]}-{EDITION}"
    return f"{reverse('ui:theme')}?{urlencode({'v': version})}"


@register.filter
def initial(name: str) -> str:
    """Return the first letter of a name, for a mark where there is no logo."""
    return next((letter.upper() for letter in name if letter.isalnum()), "·")


@register.filter
def first_name(name: str) -> str:
    """Return what to greet a person by: the first word of the name."""
    return name.split()[0] if name.split() else ""
