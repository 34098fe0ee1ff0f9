"""Builds translations, style sheets and static files, each only when its inputs have changed."""

import sys
from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.local.setup_programs import run_manage_command, run_program
from config.local.state_dir import PROJECT_ROOT, StateDir
from config.local.step_tracking import compute_fingerprint, print_step, track_setup_step

ASSETS = PROJECT_ROOT / "assets"
PACKAGES = ("api", "portal", "tenants", "workers")
BIN = Path(sys.prefix) / "bin"


def build_frontend(state_dir: StateDir, env: Mapping[str, str]) -> None:
    """Build translations, style sheets and the other files that browsers load."""
    compile_translations()
    build_assets(state_dir, env)
    collect_static(state_dir, env)


def compile_translations() -> None:
    """Turn each app's .po into the .mo that Django reads; no gettext is needed for it."""
    due = [source for source in _list_catalogues() if not _is_file_newer(source.with_suffix(".mo"), source)]
    if due:
        with print_step("Translations"):
            for source in due:
                _compile_catalogue(source)


def _list_catalogues() -> list[Path]:
    pattern = "locale/*/LC_MESSAGES/django.po"
    return [path for package in PACKAGES for path in (PROJECT_ROOT / package).rglob(pattern)]


def _is_file_newer(path: Path, other: Path) -> bool:
    return path.exists() and path.stat().st_mtime >= other.stat().st_mtime


def _compile_catalogue(source: Path) -> None:
    with source.open("rb") as file, source.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(file, locale=source.parent.parent.name))


def build_assets(state_dir: StateDir, env: Mapping[str, str]) -> None:
    """Build the style sheets with the Node of our environment, when what they are made from has changed."""
    build_records = StateDir(ASSETS / "node_modules" / ".portico")
    packages = compute_fingerprint([ASSETS / "package.json", ASSETS / "package-lock.json"])
    with track_setup_step(build_records, "packages", packages) as due:
        if due:
            with print_step("Packages from npm"):
                npm = [str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
                run_program(state_dir, npm, env, cwd=ASSETS, failure_message="npm's packages can't be installed.")
    with track_setup_step(
        build_records,
        "style sheets",
        compute_fingerprint(_list_style_sheet_sources()),
        makes=ASSETS / "dist" / "portal.css",
    ) as due:
        if due:
            with print_step("Style sheets"):
                run_program(
                    state_dir,
                    [BIN / "npm", "run", "build"],
                    env,
                    cwd=ASSETS,
                    failure_message="The style sheets can't be built.",
                )


def _list_style_sheet_sources() -> list[Path]:
    """Everything the style sheets depend on: Tailwind reads the templates for the classes they use."""
    own = [path for path in ASSETS.iterdir() if path.name not in ("node_modules", "dist")]
    return own + [
        path for folder in ("templates", "portal", "tenants") for path in (PROJECT_ROOT / folder).rglob("*.html")
    ]


def collect_static(state_dir: StateDir, env: Mapping[str, str]) -> None:
    """Collect and compress the static files."""
    target = Path(env["STATIC_ROOT"])
    inputs_hash = compute_fingerprint([ASSETS / "dist", PROJECT_ROOT / "uv.lock"], str(target))
    with track_setup_step(state_dir, "static", inputs_hash, makes=target / "staticfiles.json") as due:
        if due:
            with print_step("Files for browsers"):
                run_manage_command(state_dir, env, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
