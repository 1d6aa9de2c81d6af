"""`bookwidgets check`: its output and its exit status."""

import os
import subprocess
import sys

import pytest
from broken import edit

from bookwidgets.cli import main


def test_a_good_book(book, capsys):
    assert main(["check", str(book)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].split("  ")[0] == "chapter"
    assert [line.split()[:4] for line in lines[1:4]] == [
        ["one", "1", "1", "0"],
        ["two", "1", "0", "1"],
        ["all", "2", "1", "1"],
    ]
    assert lines[-1] == "2 questions, 2 concepts, 2 chapters: no fault"


def test_faults_go_to_the_error_stream(book, capsys):
    edit(book / "quizzes/one.yml", "level: apply", "level: aply")
    assert main(["check", str(book)]) == 1
    assert capsys.readouterr().err == (
        "quizzes/one.yml:4: question 'q-one': level: is 'aply': use one of 'remember', 'understand', 'apply', "
        "'analyze' or 'evaluate'\n1 fault\n"
    )
    edit(book / "quizzes/one.yml", "see: one", "see: ")
    assert main(["check", str(book)]) == 1
    assert capsys.readouterr().err.endswith("\n2 faults\n")


def test_advice_does_not_fail(book, capsys):
    edit(book / "quizzes/one.yml", "level: apply", "level: remember")
    assert main(["check", str(book)]) == 0
    assert (
        "quizzes/one.yml:1: levels: 1 of 1 questions only ask to remember: a quarter at most (advice)"
        in capsys.readouterr().out
    )


def test_no_book(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"bookwidgets: no book at or above {tmp_path}: a book has _toc.yml and quizzes/\n"
    )
    assert main(["check", str(tmp_path / "gone")]) == 2
    assert capsys.readouterr().err == f"bookwidgets: there is no folder {tmp_path / 'gone'}\n"


def test_a_wrong_call(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["chekc"])
    assert caught.value.code == 2


@pytest.mark.parametrize("folder", [".", "chapters"])
def test_as_a_command_in_the_book_or_below(book, folder):
    (book / "quizzes/one.yml").write_bytes(b"[" * 100_000)
    environment = os.environ | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "bookwidgets.cli", "check"]
    done = subprocess.run(command, cwd=book / folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "quizzes/one.yml:1: is not valid YAML: nested too deeply; check for brackets that were not closed",
        "1 fault",
    ]
