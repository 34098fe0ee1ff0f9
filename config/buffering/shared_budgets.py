"""An amount that all networks or businesses share, and of which one gets no more than a part."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class BudgetExceeded(Exception):
    """Nothing is left, for everybody or for this owner."""


class SharedBudget:
    """What is in use of one amount, by owner: a network or a business. Only the event loop's thread uses it."""

    def __init__(self, total: int, *, share: int) -> None:
        self.total = total
        self.share = share
        self._used: Counter[str] = Counter()
        self._used_by_all = 0

    def reserve(self, owner: str, amount: int) -> None:
        """Take an amount for an owner. Raises BudgetExceeded."""
        if self._used_by_all + amount > self.total or self._used[owner] + amount > self.share:
            raise BudgetExceeded
        self._used[owner] += amount
        self._used_by_all += amount

    def release(self, owner: str, amount: int) -> None:
        """Give an amount back."""
        self._used_by_all -= amount
        self._used[owner] -= amount
        if not self._used[owner]:
            del self._used[owner]

    @contextmanager
    def hold(self, owner: str, amount: int) -> Iterator[None]:
        """Hold an amount for an owner while the block lasts. Raises BudgetExceeded."""
        self.reserve(owner, amount)
        try:
            yield
        finally:
            self.release(owner, amount)
