"""Template tags and filters for form fields, devices and colours, and those that call portal.ui.formatting."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea, Widget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui import formatting, palettes
from portal.ui.palettes import Palette
from tenants import user_agents

register = template.Library()
for function in (
    formatting.datetime_with_zone,
    formatting.display_url,
    formatting.example_phone,
    formatting.first_letter,
    formatting.first_name,
    formatting.format_phone,
    formatting.friendly_datetime,
):
    register.filter(function.__name__, function)
register.filter("device_label", user_agents.translate_user_agent_label)

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
WIDGET_CLASSES: dict[type[Widget], str] = {CheckboxInput: "checkbox", Select: "select", Textarea: "textarea"}
NOTICE_ICONS = {
    "info": "information-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "error": "exclamation-circle",
}
WHITESPACE_BETWEEN_TAGS = re.compile(r">\s+<")


@register.simple_tag
def form_control(
    field: BoundField, css: str = "", *, attributes: Mapping[str, str] = NO_ATTRIBUTES, **attrs: str
) -> SafeString:
    """Render a form field's input, linked to its help and error text for screen readers.

    Its class is `css`, or else that of its kind of widget.
    """
    notes = [f"{field.auto_id}-help"] if attrs.pop("help", "") else []
    if field.errors:
        notes.append(f"{field.auto_id}-error")
    extra: dict[str, str | bool] = {"class": css or _get_widget_class(field.field.widget)}
    extra.update({name.replace("_", "-"): value for name, value in {**attributes, **attrs}.items() if value})
    if notes:
        extra["aria-describedby"] = " ".join(notes)
    if field.errors:
        extra["aria-invalid"] = "true"
    # Between the options of a long list, indentation would take more bytes than the labels.
    return SafeString(WHITESPACE_BETWEEN_TAGS.sub("><", field.as_widget(attrs=extra)))


def _get_widget_class(widget: Widget) -> str:
    return next((css for kind, css in WIDGET_CLASSES.items() if isinstance(widget, kind)), "input")


@register.filter
def label_with_optional(field: BoundField) -> str:
    """Return a field's label, marked where the field is optional."""
    if field.field.required:
        return str(field.label)
    return _("%(label)s (optional)") % {"label": field.label}


@register.filter
def palette(brand: str) -> Palette:
    """Return the palette of a brand colour."""
    return palettes.build_palette(brand)


@register.filter
def notice_icon(tone: str) -> str:
    """Return the icon of a notice by its tone."""
    return NOTICE_ICONS.get(tone, NOTICE_ICONS["info"])


@register.filter
def device_icon(name: str) -> str:
    """Return the icon of a device by its name: a phone for phones and tablets, else a computer."""
    is_handheld = any(word in name for word in ("iPhone", "iPad", "Android"))
    return "device-phone-mobile" if is_handheld else "computer-desktop"
