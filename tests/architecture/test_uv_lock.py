"""Tests that every package in uv.lock has a wheel for each Python and platform that `make` supports."""

import re
import tomllib
from functools import cache

import pytest
from django.conf import settings
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
LINUX = ["manylinux1", "manylinux2010", "manylinux2014", *(f"manylinux_2_{minor}" for minor in range(5, 37))]
MACOS = [*(f"macosx_10_{minor}" for minor in range(9, 16)), *(f"macosx_{major}_0" for major in range(11, 15))]
MACHINES = {
    "Linux x86-64 (Debian 12)": [f"{rule}_x86_64" for rule in LINUX],
    "Linux arm64 (Debian 12)": [f"{rule}_aarch64" for rule in LINUX],
    "macOS 14 arm64": [f"{rule}_{kind}" for rule in MACOS for kind in ("arm64", "universal2")],
}


@cache
def read_locked_packages() -> dict[str, list[set[Tag]]]:
    """Return, for each name and version, what its wheels are for."""
    lock = tomllib.loads((settings.BASE_DIR / "uv.lock").read_text())
    return {
        f"{package['name']} {package['version']}": [
            set(parse_wheel_filename(wheel["url"].rsplit("/", 1)[1])[3]) for wheel in package.get("wheels", [])
        ]
        for package in lock["package"]
        if "registry" in package["source"]
    }


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_package_has_a_wheel(python, machine):
    """A machine without a compiler would stop at the first package that has no wheel for it."""
    version, interpreter = [int(part) for part in python.split(".")], f"cp{python.replace('.', '')}"
    runs = {*cpython_tags(version, platforms=MACHINES[machine])}
    runs |= {*compatible_tags(version, interpreter, MACHINES[machine])}

    assert len(read_locked_packages()) > 100
    assert [name for name, wheels in read_locked_packages().items() if not any(runs & wheel for wheel in wheels)] == []


def test_the_oldest_python_is_the_first_one_checked():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]

    assert project["requires-python"] == f">={PYTHONS[0]}"


def test_the_image_names_one_checked_python_and_one_debian():
    stages = re.findall(r"^FROM (\S+)", (settings.BASE_DIR / "Dockerfile").read_text(), re.MULTILINE)
    pythons = {found[1] for stage in stages if (found := re.fullmatch(r"python:([\d.]+)-slim-\w+", stage))}
    debians = {part for stage in stages for part in stage.partition(":")[2].split("-")[1:]} - {"slim"}

    assert len(pythons) == 1
    assert pythons <= set(PYTHONS)
    assert len(debians) == 1, debians
