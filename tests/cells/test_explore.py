"""Explorables: every position is drawn once, the same each time, within a budget; what cannot be drawn is named.

Not tested here: what the sliders do, which tests/browser/test_explorables.py drives.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import chain
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")
from matplotlib import pyplot as plt

from bookwidgets.cells.explore import EXPLORE_MIME, Explore, explore_html
from bookwidgets.cells.positions import ranges_of
from bookwidgets.cells.svg import _path, figure_svg


def line(beta, kind="up"):
    _, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1, 2], [0, beta, 1])
    ax.set_xlabel(kind)
    return {"double": 2 * beta}


def made(draw=line, alt="{beta}", default=None, labels=None, **values):
    return Explore(draw, ranges_of(draw, values, default or {}, labels or {}), alt)


def labels(explore):
    return [re.search('aria-label="(.*?)"', frame)[1] for frame in explore.parts["frames"]]


def test_every_position_is_drawn_in_order():
    explore = made(beta=[0.5, 1, 2], kind=["up", "down"], alt="{kind} {beta}, doubled {double:.1f}")
    assert labels(explore)[:3] == ["up 0.5, doubled 1.0", "down 0.5, doubled 1.0", "up 1, doubled 2.0"]
    assert len(labels(explore)) == 6
    assert ">up</text>" in explore.parts["frames"][0], "text is text"


def test_it_begins_at_the_default_or_in_the_middle():
    starts = [part["start"] for part in made(beta=[1, 2, 3], kind=["a", "b"], default={"kind": "a"}).parts["ranges"]]
    assert starts == [1, 0]


def test_the_page_has_each_frame_once():
    explore = made(beta=np.linspace(0, 1, 5), labels={"beta": "<strength>"})
    html = explore_html(explore.parts)
    for frame in explore.parts["frames"]:
        assert html.count(frame) == 1
    assert html.index(explore.parts["frames"][2]) < html.index("<template>")
    assert "<strength>" not in html
    assert '<p class="bw-where">&lt;strength&gt;: 0.5</p>' in html


def test_ids_meet_nowhere_on_a_page():
    frames = made(beta=[1, 2]).parts["frames"] + made(beta=[1, 2]).parts["frames"]
    ids = [re.findall('id="(.*?)"', frame) for frame in frames]
    assert max(Counter(chain(*ids)).values()) == 1
    for frame, own in zip(frames, ids, strict=True):
        assert set(re.findall(r"(?:url\(|href=\")#([^\")]+)", frame)) == set(own)


PROGRAM = """
import matplotlib; matplotlib.use("agg")
from tests.cells.test_explore import made
print("".join(made(beta=[0.1, 1 / 3], kind=["$x_1$", "b"]).parts["frames"]))
"""


def test_frames_are_the_same_in_every_process():
    runs = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert not re.search(r"\d\d:\d\d|20\d\d|\.\d\d+ ", re.sub(r"<path[^>]*>", "", runs[0])), "a date or many digits"


def test_the_output_of_a_cell():
    explore = made(beta=[1, 2, 3])
    data, _ = explore._repr_mimebundle_()
    assert data["text/plain"] == f"Explorable {explore._name}: beta (1 to 3)"
    assert data["text/html"].count("<svg") == 1, "where no script runs, one frame is enough"
    assert "<script" not in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert json.loads(json.dumps(data[EXPLORE_MIME])) == explore.parts


def test_nothing_is_left_behind(capsys):
    plt.figure()
    before = plt.get_fignums()

    def chatty(beta):
        print("drawing", beta)
        line(beta)
        plt.show()

    made(chatty, beta=[1, 2], alt="")
    assert plt.get_fignums() == before
    assert capsys.readouterr().out == ""
    plt.close("all")


def test_python_answers_for_a_position_between(monkeypatch):
    explore = made(beta=[1, 2], alt="beta is {beta}")
    sent = []
    monkeypatch.setattr(explore, "send", sent.append)
    explore._answer(explore, {"position": [1.25]}, [])
    assert 'aria-label="beta is 1.25"' in sent[0]["frame"]
    monkeypatch.setattr(explore, "_draw", lambda beta: 1 / 0)
    explore._answer(explore, {"position": [1.5]}, [])
    assert "(beta=1.5) raised ZeroDivisionError" in sent[1]["problem"]


def nothing(beta):
    return 3


def empty(beta):
    plt.figure()


def two(beta):
    line(beta)
    line(beta)


def raising(beta):
    line(beta)
    if beta == 2:
        raise KeyError("gold")


def noisy(beta):
    _, ax = plt.subplots()
    ax.scatter(*np.random.default_rng(0).normal(size=(2, 400 if beta == 1 else 4000)))


FAULTS = {
    "unknown keyword": (line, {"beat": [1, 2]}, r"^line has no parameter 'beat': did you mean 'beta'\?$"),
    "missing": (line, {"kind": ["a", "b"]}, r"^line: its parameter 'beta' has no values: explore\(beta=\[\.\.\.\]"),
    "none at all": (lambda: None, {}, r"explore\(\) takes values for 1 to 3 parameters, not 0"),
    "empty": (line, {"beta": []}, r"^line: the values of 'beta' are \[\]: list at least two"),
    "single": (line, {"beta": [1]}, r"list at least two"),
    "not a list": (line, {"beta": 3}, r"'beta' are 3: give a list"),
    "a text": (line, {"beta": "abc"}, r"'beta' are 'abc': give a list"),
    "mixed": (line, {"beta": [1, "b"]}, r"all must be finite numbers, or all strings"),
    "not finite": (line, {"beta": [1, np.inf]}, r"all must be finite numbers"),
    "falling": (line, {"beta": [2, 1]}, r"needs numbers that increase"),
    "twice": (line, {"beta": [1, 2], "kind": ["a", "a"]}, r"list each once"),
    "four": (lambda a, b, c, d: None, {name: [1, 2] for name in "abcd"}, r"takes values for 1 to 3 parameters, not 4"),
    "too many": (line, {"beta": range(31), "kind": ["a", "b"]}, r"^line: 31 of beta x 2 of kind make 62 frames"),
    "draws nothing": (nothing, {"beta": [1, 2]}, r"^nothing\(beta=1\) drew nothing: make one figure in it"),
    "draws no axes": (empty, {"beta": [1, 2]}, r"^empty\(beta=1\) drew nothing"),
    "draws two": (two, {"beta": [1, 2]}, r"^two\(beta=1\) drew 2 figures"),
    "raises": (raising, {"beta": [1, 2]}, r"^raising\(beta=2\) raised KeyError: 'gold'$"),
    "too large": (noisy, {"beta": [1, 2]}, r"^noisy: its 2 frames .* the largest is noisy\(beta=2\) .*: draw fewer"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_what_cannot_be_drawn_is_named(kind, monkeypatch):
    monkeypatch.setattr("bookwidgets.cells.explore.MOST_RAW", 200)
    draw, values, message = FAULTS[kind]
    before = plt.get_fignums()
    with pytest.raises(ValueError, match=message):
        made(draw, alt="", **values)
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"default": {"beta": 3}}, r"^line: the default beta=3 is not among its values \[1, 2\]"),
        ({"default": {"bet": 1}}, r"^line: a default or label names 'bet', which is not explored"),
        ({"labels": {"bet": "b"}}, r"names 'bet'"),
        ({"alt": "{gamma}"}, r"^line\(beta=1\): alt='\{gamma\}' cannot be filled in with beta, double: 'gamma'"),
        ({"alt": "{double:q}"}, r"^line\(beta=1\): alt=.* cannot be filled in .*Unknown format code"),
    ],
)
def test_what_describes_it_must_fit(more, message):
    with pytest.raises(ValueError, match=message):
        made(beta=[1, 2], **more)


@pytest.mark.parametrize(
    ("d", "short"),
    [
        ("M 10.04 20 L 10.96 20 L 10.99 20.2 z", "m10 20l1 0 0 .2z"),
        ("M 10 10 L 10 10", "m10 10l0 0"),
        ("M 10 10 L 12 10 L 12.01 10.02 L 14 10", "m10 10l2 0 2 0"),
        ("M 0 0 L 0 -3.5", "m0 0l0-3.5"),
        ("M 0 1.25 C 0.331 1.25 0.65 1.1 0.88 0.88 z", "m0 1.25c.33 0 .65-.15 .88-.37z"),
        ("M 20 20 L 19 18 Z M 3 3 Q 1 1 4 5.5", "m20 20l-1-2zm-17-17q-2-2 1 2.5"),
        ("M 1e2 -1.5e-1 L 100 1", "m100-.2l0 1.2"),
    ],
)
def test_paths_become_steps(d, short):
    assert _path(d) == short


def test_errors_of_rounding_do_not_add_up():
    x = np.linspace(0, 300, 1000)
    d = _path("M 0 0 " + " ".join(f"L {value:.6f} 0" for value in x[1:]))
    steps = [float(step) for step in re.findall(r"-?[\d.]+", d)]
    assert abs(sum(steps[::2]) - 300) < 0.05


def test_one_drawing_is_the_one_that_matplotlib_makes_of_two(monkeypatch):
    """savefig() draws for the layout first and for the file then. What we leave out must not be missed."""

    def figure(number):
        fig, axes = plt.subplots(1, 2, figsize=(4, 3), layout="constrained")
        axes[0].plot([1, 10**number], label="so many")
        axes[0].set(ylabel="two\nlines", xlabel="a label")
        axes[0].legend()
        axes[1].barh(["a long name", "b"], [1, number])
        fig.supxlabel("updates")
        return fig

    class Twice:
        def __init__(self, figure):
            self.figure = figure

        def print_svg(self, file, **options):
            self.figure.savefig(file, format="svg", **options)

    once = [figure_svg(figure(number), "n", "alt") for number in (2, 5)]
    monkeypatch.setattr("bookwidgets.cells.svg._Canvas", Twice)
    assert [figure_svg(figure(number), "n", "alt") for number in (2, 5)] == once
    plt.close("all")


def test_the_drawing_can_stand_in_a_page():
    fig, ax = plt.subplots()
    ax.fill_between([0, 1], [0, 1], hatch="/", label="a < b & $x^2$")
    ax.imshow(np.eye(2))
    ax.legend()
    svg = figure_svg(fig, "n", 'a "quoted" <text>')
    plt.close(fig)
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == 'a "quoted" <text>'
    tags = {part.tag for part in root.iter()}
    assert not tags & {"style", "metadata", "script", "title"}
    assert {"text", "image", "pattern", "clipPath"} <= tags
