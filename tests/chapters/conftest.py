"""A place far from the book: another environment, an empty folder, and the book's packages as Colab gets them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

COLAB_HAS = ["ipykernel", "matplotlib", "numpy"]  # of what the chapters need; the rest its first cell must bring


def snapshot(folder: Path) -> str:
    """A repository with the files of this one as they are now; its address."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in [["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-q", "-m", "now"]]:
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder.as_uri()


@pytest.fixture(scope="session")
def away(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Jupyter folder whose only kernel lives in a new environment, in which a Colab notebook ran its first cell."""
    root = tmp_path_factory.mktemp("away")
    python = root / "env/bin/python"
    constraint = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([sys.executable, "-m", "venv", root / "env"], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-compile", *COLAB_HAS], check=True, env=os.environ | constraint
    )
    kernel = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "env": constraint | {"PYTHONPATH": "", "PYTHONSAFEPATH": "1"},
    }
    (root / "jupyter/kernels/python3").mkdir(parents=True)
    (root / "jupyter/kernels/python3/kernel.json").write_text(json.dumps(kernel))
    _run_first_cell(next((site / "notebooks/colab").glob("*.ipynb")), snapshot(root / "repository"), root / "jupyter")
    return root / "jupyter"


def _run_first_cell(path: Path, repository: str, jupyter: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1:] = []
    cell = notebook.cells[0]
    cell.source, replaced = re.subn(r"git\+https://[^@]+", f"git+{repository}", cell.source)
    assert replaced == 2
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(jupyter)
    try:
        NotebookClient(notebook, timeout=300).execute(cwd=str(jupyter))
    finally:
        os.environ.pop("JUPYTER_PATH") if before is None else os.environ.update(JUPYTER_PATH=before)
    told = "".join(output.get("text", "") for output in cell.outputs)
    assert "ERROR" not in told, told


@pytest.fixture
def far_away(away: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with that kernel as the only one."""
    monkeypatch.setenv("JUPYTER_PATH", str(away))
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder
