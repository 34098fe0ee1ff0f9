"""Bodies take room on disk as they arrive, each kind from a budget of its own."""

from contextlib import ExitStack

import pytest

from config.buffering.request_bodies import BodyRefused, DiskBudgets, RequestBody, buffer_body
from config.buffering.shared_budgets import SharedBudget
from tenants.limits import ORDINARY_BODY_BYTES

LARGE = 3 * ORDINARY_BODY_BYTES
PIECE = {"type": "http.request", "body": b"a" * ORDINARY_BODY_BYTES, "more_body": True}


@pytest.fixture
def disk() -> DiskBudgets:
    """Room for two ordinary pieces and four admitted ones, of which one owner gets half."""
    ordinary, admitted = 2 * ORDINARY_BODY_BYTES, 4 * ORDINARY_BODY_BYTES
    return DiskBudgets(
        ordinary=SharedBudget(ordinary, share=ordinary // 2), admitted=SharedBudget(admitted, share=admitted // 2)
    )


@pytest.fixture
def start_body(disk):
    """Return a function that starts a body, and lets a business take it."""
    with ExitStack() as stack:

        def start_body(block: str, *, business: str = "", announced_bytes: int | None = None) -> RequestBody:
            body = stack.enter_context(buffer_body(block=block, announced_bytes=announced_bytes, disk=disk))
            if business:
                body.admit(LARGE, business)
            return body

        yield start_body


def test_bodies_that_were_only_announced_take_no_room(start_body):
    for number in range(10):
        start_body(f"block {number}", business=f"idle {number}", announced_bytes=LARGE)

    start_body("honest", business="acme", announced_bytes=LARGE).append(PIECE)


def test_ordinary_bodies_take_no_room_from_admitted_ones(start_body):
    for block in ("one", "two"):
        start_body(block).append(PIECE)
    with pytest.raises(BodyRefused):
        start_body("three").append(PIECE)

    start_body("three", business="acme").append(PIECE)


def test_admitted_bodies_take_no_room_from_ordinary_ones(start_body):
    for number in range(4):
        start_body("one", business=f"business {number // 2}").append(PIECE)
    with pytest.raises(BodyRefused):
        start_body("one", business="acme").append(PIECE)

    start_body("one").append(PIECE)


def test_a_business_gets_no_more_than_its_share_from_however_many_networks(start_body):
    for block in ("one", "two"):
        start_body(block, business="acme").append(PIECE)
    with pytest.raises(BodyRefused):
        start_body("three", business="acme").append(PIECE)

    start_body("three", business="globex").append(PIECE)


def test_what_arrived_before_a_page_took_the_body_moves_to_its_business(start_body):
    body = start_body("one")
    body.append(PIECE)
    body.admit(LARGE, "acme")

    start_body("one").append(PIECE)
    start_body("two", business="acme").append(PIECE)
    with pytest.raises(BodyRefused):
        body.append(PIECE)
