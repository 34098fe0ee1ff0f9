"""Is anything lost when the web server dies right after it wrote down what it owes?"""

import pytest
import requests

from tests.faults.plant import PROMISED, until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults


def test_a_code_is_sent_though_the_web_server_died_before_it_could_ring(plant, mailbox, acme, client_of):
    ana = client_of(acme, "ana@example.com")
    plant.start("codes-1", "sweep")
    plant.run_web("tests.faults.doomed_web:application")

    with pytest.raises(requests.ConnectionError):
        Visitor(plant.port).ask(ana)

    assert not plant.is_running("web")
    until(lambda: mailbox.has(ana), within=PROMISED, what="a code")
    assert len(mailbox.codes_of(ana)) == 1
