"""Readers that run on Node: packages that tests/package.json names, and nobody here wrote."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]


def read_on_node(package: str, script: str, path: Path) -> Any:
    """What ``script`` prints as JSON about the file at ``path``, which it finds in ``process.argv[1]``.

    Without Node or the package the test is skipped.
    """
    if not shutil.which("node"):
        pytest.skip(f"Node is not installed, and {package} runs on it")
    if not (TESTS / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is not installed: npm install --prefix tests")
    done = subprocess.run(["node", "-e", script, str(path)], capture_output=True, text=True, cwd=TESTS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
