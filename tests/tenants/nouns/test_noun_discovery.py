"""A new noun is a folder and one line of INSTALLED_APPS; everything else finds it in the registry."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

NOUN = settings.BASE_DIR / "tests" / "tenants" / "nouns" / "visits"


@pytest.mark.slow
@pytest.mark.django_db
def test_noun_needs_only_a_folder_and_one_setting():
    # The other process uses the Redis database of this one, which waits for it meanwhile.
    broker = {"BROKER_URL": settings.BROKER_URL}
    environment = {**os.environ, **broker, "PYTEST_XDIST_WORKER": "gw0", "PYTEST_ADDOPTS": ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--ds=tests.tenants.nouns.visits.settings",
        "-q",
        NOUN / "acceptance_tests.py",
    ]
    finished = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)

    assert finished.returncode == 0, finished.stdout[-6000:] + finished.stderr[-2000:]
    assert " passed" in finished.stdout
