"""Annotate: what becomes of the pairs before a reader sees them.

Not tested here: what she does then, which tests/browser/test_annotating.py drives.
"""

import json
import re

import pytest

from bookwidgets import annotate
from bookwidgets.bank.strings import strings
from bookwidgets.cells.annotate import ANNOTATE_MIME, annotate_html

PAIR = {"prompt": "last c a b", "a": "a b", "b": {"id": "polite", "text": "sure a b"}}


def test_responses_with_the_same_id_are_one_item():
    again = {"prompt": "first c a b", "a": {"id": "polite", "text": "sure c a"}, "b": {"text": "a b"}}
    parts = annotate([PAIR, again]).parts
    assert parts["items"] == ["a b", "polite"]
    for pair, original in zip(parts["pairs"], [PAIR, again], strict=True):
        first = original["b"] if pair["swapped"] else original["a"]
        assert pair["texts"][0] == (first if isinstance(first, str) else first["text"])


def test_the_order_is_mixed_and_stays():
    pairs = [{"prompt": str(n), "a": "right", "b": "wrong"} for n in range(200)]
    swapped = [pair["swapped"] for pair in annotate(pairs).parts["pairs"]]
    assert swapped == [pair["swapped"] for pair in annotate(pairs).parts["pairs"]]
    assert 70 < sum(swapped) < 130


def test_choices_arrive_in_python():
    widget = annotate([PAIR])
    seen = []
    widget.observe(lambda change: seen.append(change["new"]), "choices")
    widget.set_state({"choices": [{"pair": 0, "choice": "b"}]})
    assert widget.choices == [{"pair": 0, "choice": "b"}]
    assert len(seen) == 1


def test_hostile_texts_stay_texts():
    text = "</dd></ol><script>x()</script>"
    widget = annotate([{"prompt": text, "a": text, "b": '" onclick=x() "'}], annotators={text: ["a"]})
    assert "<script" not in widget.html
    assert widget.html.count("</ol>") == 1
    assert json.loads(re.search('data-annotate="(.*?)"', widget.html)[1].replace("&quot;", '"').replace("&#x27;", "'")
                      .replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))["items"][0] == text  # fmt: skip


def test_the_output_of_a_cell():
    data, _ = annotate([PAIR])._repr_mimebundle_()
    assert data["text/plain"] == "Annotate: 1 pairs of 2 responses"
    assert "<script" not in data["text/html"]
    assert "last c a b" in annotate_html(json.loads(json.dumps(data[ANNOTATE_MIME])), strings("de"))


@pytest.mark.parametrize(
    ("pairs", "annotators", "message"),
    [
        ([], {}, r"there are no pairs"),
        ([PAIR, {"prompt": "x", "a": "y"}], {}, r"pair 1 is .*: it needs 'prompt', 'a' and 'b'"),
        (["x"], {}, r"pair 0 is 'x'"),
        ([PAIR | {"a": 3}], {}, r"pair 0: 'a' is 3: give a text, or a dict with a 'text'"),
        ([PAIR | {"a": {"id": "x"}}], {}, r"pair 0: 'a' is .*: give a text"),
        ([PAIR | {"a": "polite"}], {}, r"pair 0 compares 'polite' with itself"),
        ([PAIR], {"terse": []}, r"annotator 'terse' has 0 choices for 1 pairs"),
        ([PAIR], {"terse": ["A"]}, r"annotator 'terse', pair 0: 'A' is none of a, b, tie, unsure"),
    ],
)
def test_what_cannot_be_compared_is_named(pairs, annotators, message):
    with pytest.raises(ValueError, match=message):
        annotate(pairs, annotators)
