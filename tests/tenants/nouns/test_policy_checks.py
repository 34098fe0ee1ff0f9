"""A personal-data policy that doesn't fit its table is named at the start, with the noun that makes it."""

import pytest

from tenants.nouns import checks, registry
from tenants.nouns.personal_data_policies import PersonalDataPolicy
from tests.noun_apps import install_noun_apps, make_noun_app

NOUN = "tests.visits"
POLICY = PersonalDataPolicy("visits", "intake.Visit", "Visits")
POLICIES = (POLICY,)
MISFITTING_POLICIES = {
    "no model": (POLICY, "has a personal-data policy for intake.Visit, which is no model."),
    "no client": (
        PersonalDataPolicy("visits", "tenants.Outage", "Visits", ordering="pk"),
        "tenants.Outage has no column client_id",
    ),
    "no column": (
        PersonalDataPolicy("visits", "access.Challenge", excluded_columns=("digitz",)),
        "access.Challenge has no column digitz, which its personal-data policy names.",
    ),
    "no ordering": (
        PersonalDataPolicy("visits", "access.Challenge", "Visits", ordering="begun_at"),
        "access.Challenge has no column begun_at, which its personal-data policy names.",
    ),
}


def list_noun_problems(*nouns):
    with install_noun_apps(*nouns):
        return list(checks.find_declaration_problems())


def test_a_table_cannot_have_two_policies():
    policies = "portal.intake.personal_data.POLICIES"
    found = list_noun_problems(make_noun_app(NOUN, personal_data=policies))
    assert f"{NOUN} declares a second personal-data policy for intake.enquiry." in found
    assert f"{NOUN} declares a second personal-data policy for enquiries." in found


@pytest.mark.parametrize(("policy", "sentence"), MISFITTING_POLICIES.values(), ids=MISFITTING_POLICIES)
def test_a_policy_that_does_not_fit_its_table_is_a_problem(monkeypatch, policy, sentence):
    monkeypatch.setattr(f"{__name__}.POLICIES", (policy,))
    registry.import_dotted_path.cache_clear()
    found = list_noun_problems(make_noun_app(NOUN, personal_data=f"{__name__}.POLICIES"))
    assert [problem for problem in found if problem.startswith(NOUN) and sentence in problem], found


def test_policies_are_a_tuple_of_policies():
    (problem,) = list_noun_problems(make_noun_app(NOUN, personal_data=f"{__name__}.POLICY"))
    assert problem == f"{NOUN}: {__name__}.POLICY must be a tuple of PersonalDataPolicy."
