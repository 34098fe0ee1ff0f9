"""Reads values of custom fields from a body and from filters, as strictly as the forms of the pages."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError as FormValidationError
from rest_framework.exceptions import ErrorDetail, ValidationError

from portal.clients.forms import build_choice_field, build_form_field
from portal.clients.models import CHOICE_KINDS, CustomField, CustomFieldKind

UNKNOWN_FIELD = ErrorDetail("There is no custom field with this id.", code="unknown_field")
WRONG_TYPE = ErrorDetail("This is no value of the field’s type.", code="invalid")


def merge_custom_values(before: Mapping[str, Any], values: Any) -> dict[str, Any]:
    """Return a client’s values with the given ones instead, which are named by field id. Raises ValidationError."""
    if not isinstance(values, Mapping):
        raise ValidationError({"custom": [ErrorDetail("An object: values by the field’s id.", code="not_a_dict")]})
    fields = {str(field.pk): field for field in CustomField.objects.all()} if values else {}
    merged, errors = dict(before), {}
    for key, value in values.items():
        try:
            merged[key] = _parse_value(fields[key], value)
        except KeyError:
            errors[key] = [UNKNOWN_FIELD]
        except ValidationError as error:
            errors[key] = error.detail
    if errors:
        raise ValidationError({"custom": errors})
    return {key: value for key, value in merged.items() if value not in (None, "")}


def parse_custom_filters(pairs: Iterable[str], fields: Iterable[CustomField]) -> dict[str, str | bool]:
    """Return the filters of pairs such as `id:yes` by field id. Raises ValidationError."""
    filterable = {str(field.pk): field for field in fields if field.kind in CHOICE_KINDS}
    filters: dict[str, str | bool] = {}
    for index, pair in enumerate(pairs):
        key, _colon, value = pair.partition(":")
        if key not in filterable:
            raise ValidationError({"custom": {index: [UNKNOWN_FIELD]}})
        try:
            filters[key] = build_choice_field(filterable[key], required=True).clean(value)
        except FormValidationError as error:
            raise ValidationError({"custom": {index: _list_details(error)}}) from error
    return filters


def _parse_value(field: CustomField, value: Any) -> Any:
    if value is None:
        return None
    try:
        return build_form_field(field, required=False).clean(_to_text(field, value))
    except FormValidationError as error:
        raise ValidationError(_list_details(error)) from error


def _to_text(field: CustomField, value: Any) -> str:
    """Return a JSON value as the text that a form would send. Raises ValidationError."""
    if field.kind == CustomFieldKind.YES_NO and isinstance(value, bool):
        return "yes" if value else "no"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if field.kind == CustomFieldKind.NUMBER and is_number:
        return f"{Decimal(repr(value)):f}"
    if field.kind not in (CustomFieldKind.YES_NO, CustomFieldKind.NUMBER) and isinstance(value, str):
        return value
    raise ValidationError([WRONG_TYPE])


def _list_details(error: FormValidationError) -> list[ErrorDetail]:
    return [ErrorDetail(" ".join(each.messages), code=each.code or "invalid") for each in error.error_list]
