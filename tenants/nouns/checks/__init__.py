"""Checks at the start that every declaration has the right form, is made once, and names what exists.

Django's commands run these as system checks. The web server and the workers don't, so they call
`exit_on_invalid_nouns()` first.
"""

import sys
from collections.abc import Iterator

from django.core.checks import Error, register

from tenants.nouns.checks import (
    dangling_references,
    duplicate_declarations,
    malformed_declarations,
    mismatched_policies,
)


def exit_on_invalid_nouns() -> None:
    """Exit the process with a sentence for each problem, unless all declarations fit together."""
    if found := list(find_declaration_problems()):
        sys.exit("Portico does not start with these nouns.\n" + "\n".join(found))


@register
def check_nouns(app_configs: object, **kwargs: object) -> list[Error]:
    """Return a Django check error for each problem of a declaration."""
    return [Error(problem, id="portico.nouns") for problem in find_declaration_problems()]


def find_declaration_problems() -> Iterator[str]:
    """Yield a sentence for each problem. The other checks rely on the form of the declarations, so it comes first."""
    if problems := list(malformed_declarations.find_malformed_declarations()):
        yield from problems
    else:
        yield from duplicate_declarations.find_duplicate_declarations()
        yield from dangling_references.find_dangling_references()
        yield from mismatched_policies.find_mismatched_policies()
