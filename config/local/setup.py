"""What has to be built or brought up to date before anything can run, and what can be left as it is?"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.local.home import PROJECT, Home
from config.local.processes import Process
from config.local.steps import fingerprint, once_per, step
from config.local.trouble import Trouble

ASSETS = PROJECT / "assets"
ERROR = re.compile(r"(?i)\b\w*(?:error|configured)\b: |unknown command")
PROGRAMS = Path(sys.prefix) / "bin"


def build_pages(home: Home, env: Mapping[str, str]) -> None:
    """Have translations, style sheets and the other files that browsers load ready."""
    compile_translations()
    build_assets(home, env)
    collect_static(home, env)


def compile_translations() -> None:
    """Turn each language's .po into the .mo that Django reads; no gettext is needed for it."""
    for source in PROJECT.glob("portal/**/locale/*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with step(f"Translations: {source.parent.parent.name}"), source.open("rb") as words:
                catalog = read_po(words, locale=source.parent.parent.name)
                with target.open("wb") as compiled:
                    write_mo(compiled, catalog)


def build_assets(home: Home, env: Mapping[str, str]) -> None:
    """Build the style sheets with the Node of our environment, when what they are made from has changed."""
    kept = Home(ASSETS / "node_modules" / ".portico")
    packages = fingerprint([ASSETS / "package.json", ASSETS / "package-lock.json"])
    with once_per(kept, "packages", packages) as due:
        if due:
            with step("Packages from npm"):
                npm = [str(PROGRAMS / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
                run(home, npm, env, cwd=ASSETS, otherwise="npm's packages can't be installed.")
    with once_per(kept, "style sheets", fingerprint(_sources()), makes=ASSETS / "dist" / "portal.css") as due:
        if due:
            with step("Style sheets"):
                run(
                    home,
                    [PROGRAMS / "npm", "run", "build"],
                    env,
                    cwd=ASSETS,
                    otherwise="The style sheets can't be built.",
                )


def _sources() -> list[Path]:
    """Everything the style sheets depend on: Tailwind reads the templates for the classes they use."""
    own = [path for path in ASSETS.iterdir() if path.name not in ("node_modules", "dist")]
    return own + [path for folder in ("templates", "portal", "tenants") for path in (PROJECT / folder).rglob("*.html")]


def collect_static(home: Home, env: Mapping[str, str]) -> None:
    """Gather and compress what the web server hands out as it is."""
    target = Path(env["STATIC_ROOT"])
    mark = fingerprint([ASSETS / "dist", PROJECT / "uv.lock"], str(target))
    with once_per(home, "static", mark, makes=target / "staticfiles.json") as due:
        if due:
            with step("Files for browsers"):
                manage(home, env, "collectstatic", "--noinput", "--clear", "--verbosity", "0")


def manage(home: Home, env: Mapping[str, str], *words: str) -> None:
    """Run one of Django's commands. Raises Trouble with its last line when it fails."""
    run(home, [sys.executable, "manage.py", *words], env, otherwise=f"`manage.py {words[0]}` failed.")


def run(
    home: Home, command: Sequence[str | Path], env: Mapping[str, str], *, otherwise: str, cwd: Path = PROJECT
) -> None:
    """Run a program to its end with its output in the set-up log; ended with us when we are interrupted."""
    program = Process("set-up", home)
    program.start(command, env=env, cwd=cwd)
    try:
        code = program.end()
    except BaseException:
        program.kill()
        raise
    if code:
        raise Trouble(f"{otherwise} {_reason(program)} ({program.log} has the rest)")


def _reason(program: Process) -> str:
    """Find the line that says most, in what the program wrote last."""
    lines = [line.strip() for line in program.log.read_text(errors="replace")[-20_000:].split("\n") if line.strip()]
    if any("No space left on device" in line or "ENOSPC" in line for line in lines):
        return "The disk is full; free some space and run this again."
    return next((line for line in reversed(lines) if ERROR.search(line)), program.last_words())
