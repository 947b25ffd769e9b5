"""Build hook: the wheel carries the built assets, so that its users need no Node."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):
    """Runs npm when the assets are not there; an editable install leaves that to `make setup`."""

    def initialize(self, version: str, _build_data: dict[str, Any]) -> None:
        frontend = Path(self.root) / "service" / "frontend"
        if version == "editable" or (frontend.parent / "static/built/manifest.json").exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "The front end is not built and npm was not found. Install Node, or run"
                " `npm ci --ignore-scripts && node build.mjs` in service/frontend first."
            )
        for command in ([npm, "ci", "--ignore-scripts", "--no-audit"], [npm, "run", "build"]):
            subprocess.run(command, cwd=frontend, check=True)  # noqa: S603 - fixed commands
