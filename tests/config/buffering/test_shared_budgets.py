"""No owner uses up more than its share, and what is given back can be used again."""

import pytest

from config.buffering.shared_budgets import BudgetExceeded, SharedBudget


def test_an_owner_gets_no_more_than_its_share():
    budget = SharedBudget(10, share=6)
    budget.reserve("one", 6)

    with pytest.raises(BudgetExceeded):
        budget.reserve("one", 1)
    budget.reserve("two", 4)


def test_all_owners_get_no_more_than_there_is():
    budget = SharedBudget(10, share=6)
    budget.reserve("one", 6)

    with pytest.raises(BudgetExceeded):
        budget.reserve("two", 5)


def test_what_is_released_can_be_used_again():
    budget = SharedBudget(10, share=10)
    with budget.hold("one", 10):
        pass
    with pytest.raises(RuntimeError), budget.hold("one", 10):
        raise RuntimeError

    budget.reserve("two", 10)
