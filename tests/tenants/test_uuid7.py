"""Tests that generated keys are new, valid and ordered by time."""

from datetime import timedelta
from itertools import islice
from uuid import RFC_4122, UUID

from tenants.uuid7 import generate_uuid7_array, iter_uuid7


def test_keys_are_version_7_and_unique(now):
    keys = [UUID(key) for key in islice(iter_uuid7(now), 2_000)]

    assert len(set(keys)) == 2_000
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}


def test_later_keys_sort_after_earlier_ones(now):
    earlier, later = iter_uuid7(now), iter_uuid7(now + timedelta(milliseconds=1))

    assert max(islice(earlier, 600)) < min(islice(later, 600))


def test_an_array_has_the_requested_size(now):
    assert generate_uuid7_array(now, size=0) == "{}"
    assert len(set(generate_uuid7_array(now, size=3).strip("{}").split(","))) == 3
