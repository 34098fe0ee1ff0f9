"""Finds attributes that templates ask of our objects and that these do not have; Django would silently show nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.forms import BaseForm, Field
from django.http import HttpRequest
from django.template.base import Variable, VariableDoesNotExist

OUR_PACKAGES = ("api", "config", "portal", "tenants", "workers")
# Set by a middleware, which not every request gets to.
OPTIONAL_ATTRIBUTES = {"impersonation", "resolved_host"}


@contextmanager
def record_missing_template_attributes() -> Iterator[list[str]]:
    """Record each missing attribute as "variable: class has no attribute" while the block lasts."""
    missing: list[str] = []
    resolve = Variable.resolve

    def resolve_and_record(self, context):
        try:
            return resolve(self, context)
        except VariableDoesNotExist as error:
            attribute, owner = error.params
            if _is_project_object(owner) and attribute not in OPTIONAL_ATTRIBUTES:
                missing.append(f"{self.var}: {type(owner).__name__} has no {attribute}")
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Variable, "resolve", resolve_and_record)
        yield missing


def _is_project_object(owner: object) -> bool:
    """Return whether an object's attributes are fixed by our code; the fields of a form differ from form to form."""
    if isinstance(owner, BaseForm | Field):
        return False
    return isinstance(owner, HttpRequest) or type(owner).__module__.partition(".")[0] in OUR_PACKAGES
