"""An amount that all networks share, and of which one network gets no more than a part."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class BudgetExceeded(Exception):
    """Nothing is left, for everybody or for this network."""


class NetworkBudget:
    """What is in use of one amount, by network. Only the event loop's thread uses it."""

    def __init__(self, total: int, *, share: int) -> None:
        self.total = total
        self.share = share
        self._used: Counter[str] = Counter()
        self._used_by_all = 0

    def reserve(self, network: str, amount: int) -> None:
        """Take an amount for a network. Raises BudgetExceeded."""
        if self._used_by_all + amount > self.total or self._used[network] + amount > self.share:
            raise BudgetExceeded
        self._used[network] += amount
        self._used_by_all += amount

    def release(self, network: str, amount: int) -> None:
        """Give an amount back."""
        self._used_by_all -= amount
        self._used[network] -= amount
        if not self._used[network]:
            del self._used[network]

    @contextmanager
    def hold(self, network: str, amount: int) -> Iterator[None]:
        """Hold an amount for a network while the block lasts. Raises BudgetExceeded."""
        self.reserve(network, amount)
        try:
            yield
        finally:
            self.release(network, amount)
