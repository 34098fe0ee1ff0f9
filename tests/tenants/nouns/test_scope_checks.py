"""A scope of API keys that admits to nothing is named at the start."""

import pytest

from tenants.nouns import checks
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.declarations import EVERY_ROLE, Permission, UrlInclude
from tests.noun_apps import install_noun_apps, make_noun_app

VIEW = Permission("visits.view", EVERY_ROLE)
SCOPE = ApiScope("visits:read", "Read visits", ("visits.view",))
UNUSED = "tests.visits declares the API scope visits:read, which no operation of the API needs."


def list_problems(**declarations):
    with install_noun_apps(make_noun_app("tests.visits", permissions=(VIEW,), **declarations)):
        return list(checks.find_declaration_problems())


def test_a_scope_that_no_operation_needs_is_a_problem():
    assert list_problems(api_scopes=(SCOPE,)) == [UNUSED]


@pytest.mark.parametrize("permissions", [("clients.view",), ("visits.view", "clients.view")])
def test_a_scope_may_stand_for_a_permission_of_another_noun_s_operations(permissions):
    assert list_problems(api_scopes=(ApiScope("visits:read", "Read visits", permissions),)) == []


def test_a_module_of_urls_that_does_not_exist_is_named_instead_of_the_scopes_that_it_would_use():
    problems = list_problems(api_scopes=(SCOPE,), business_api_urls=(UrlInclude("visits/", "api.nowhere.urls"),))
    assert len(problems) == 1
    assert problems[0].startswith("tests.visits includes the URLs of api.nowhere.urls, which can't be imported")
