"""The example of docs/api.md adds a passkey by the client API and signs in with it, in a real browser."""

import pytest

from tests.browser.page_states import ANA
from tests.browser.virtual_authenticator import add_virtual_authenticator
from tests.docs.markdown_documents import read_code_blocks

pytestmark = pytest.mark.browser


def call_example(user, call):
    """Run the document's functions on a page of the portal, and return what a call of them answers."""
    [example] = [block.text for block in read_code_blocks("docs/api.md") if block.language == "javascript"]
    return user.page.evaluate(f"async () => {{ {example}\nreturn {call}; }}")


def test_the_example_adds_a_passkey_and_signs_in_with_it(ana):
    add_virtual_authenticator(ana)
    ana.open("/sign-in/help/")
    challenge = call_example(ana, f'await send("sign-in/challenges/", {{ identifier: "{ANA}" }})')
    answers, body = f"sign-in/challenges/{challenge['id']}/answers/", f'{{ code: "{ana.fetch_code(ANA)}" }}'
    tokens = call_example(ana, f'(await send("{answers}", {body})).tokens')

    added = call_example(ana, f'await addPasskey("{tokens["access_token"]}")')
    signed_in = call_example(ana, "await signInWithPasskey()")

    assert added["works"]
    assert signed_in["session_id"] != tokens["session_id"]
