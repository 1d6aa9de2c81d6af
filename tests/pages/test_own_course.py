"""Where this is a fork with a folder course/: the book that it makes. All other tests try the book of upstream."""

import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.pages.test_subsets import expect_links


@pytest.mark.skipif(not (ROOT / "course").is_dir(), reason="no fork: there is no course/ here")
def test_the_course_builds_and_its_links_lead_somewhere(site, tmp_path):
    shutil.copytree(ROOT / "_build/.jupyter_cache", tmp_path / "_build/.jupyter_cache")  # only its own are executed
    command = [sys.executable, "-m", "bookwidgets.cli", "build", "-n", "-W", "--keep-going"]
    done = subprocess.run([*command, "--path-output", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    expect_links(tmp_path / "_build/html")
