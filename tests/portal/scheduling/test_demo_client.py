"""The demo client's appointments of a business that offers nothing yet."""

import pytest

from portal.scheduling.demo import seed_demo_client
from portal.scheduling.models import Appointment
from tests.factories import ClientFactory
from tests.portal.scheduling.scheduling_rows import NOW

pytestmark = pytest.mark.usefixtures("in_acme")


def test_a_business_without_services_gives_the_demo_client_no_appointments():
    seed_demo_client(ClientFactory(is_demo=True), NOW)
    assert not Appointment.objects.exists()
