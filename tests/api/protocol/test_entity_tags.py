"""Tests of ETags: nobody overwrites what they haven't seen."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_change_to_what_somebody_else_changed_is_refused(api_program):
    program = api_program()
    path = f"tags/{program.post('tags/', {'name': 'VIP'}).json()['id']}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"name": "Gold"}, **{"If-Match": seen}).status_code == 200
    answer = program.patch(path, {"name": "Silver"}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(path).json()["name"] == "Gold"


def test_what_the_caller_has_already_is_not_sent_again(api_program):
    program = api_program()
    path = f"tags/{program.post('tags/', {'name': 'VIP'}).json()['id']}/"
    answer = program.get(path, **{"If-None-Match": program.get(path)["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")
