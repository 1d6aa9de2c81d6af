"""What Binder would do with this repository, by repo2docker's own detection."""

import tomllib
from contextlib import chdir
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from repo2docker.buildpacks import PythonBuildPack

from tests.binder import build_pack, pip_commands
from tests.chapters.conftest import snapshot
from tests.conftest import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The files that Binder gets; what else lies in this folder is not among them."""
    snapshot(tmp_path)
    return tmp_path


def python_version(root: Path) -> str:
    pack = build_pack(root)
    with chdir(root):
        return pack.python_version


def test_its_python_is_the_one_that_runtime_txt_names(repository):
    pack = build_pack(repository)
    assert type(pack) is PythonBuildPack
    pack.platform = "linux/amd64"
    with chdir(repository):
        assert pack.binder_dir == "", "such a folder would hide the files beside it"
        assert f"python-{pack.python_version}" == Path("runtime.txt").read_text().strip()
        (lock,) = [name for name in pack.get_build_script_files() if name.endswith(".lock")]
    assert f"/python-{pack.python_version}." in files("repo2docker.buildpacks").joinpath(lock).read_text()


def test_the_book_runs_with_it(repository):
    """By what its packages ask for; and the weekly rebuild tries it."""
    chosen = python_version(repository)
    for project in ("pyproject.toml", "widgets/pyproject.toml"):
        asked = tomllib.loads((ROOT / project).read_text())["project"]["requires-python"]
        assert chosen in SpecifierSet(asked), project
    weekly = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text())
    assert chosen in weekly["jobs"]["rebuild"]["strategy"]["matrix"]["python"]


def test_it_installs_the_requirements_then_the_root_package(repository):
    """The second step puts a copy of tinylab and the questions in place of the editable ones of the first."""
    assert pip_commands(repository) == [
        ["install", "--no-cache-dir", "-r", "requirements.txt"],
        ["install", "--no-cache-dir", "."],
    ]


def test_without_the_file_it_would_take_a_python_that_nobody_tried(repository):
    """Its newest, as its default is too old for the book. And a file that names one too old is refused."""
    (repository / "runtime.txt").write_text("python-3.10\n")
    with pytest.raises(RuntimeError, match=r"not supported by pyproject\.toml"):
        python_version(repository)
    (repository / "runtime.txt").unlink()
    weekly = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text())
    assert python_version(repository) not in weekly["jobs"]["rebuild"]["strategy"]["matrix"]["python"]
