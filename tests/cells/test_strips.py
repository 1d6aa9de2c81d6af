"""Token strips: what each token's value is can be read without colour, and a token's text stays text."""

import json
import re

import numpy as np
import pytest

from bookwidgets import token_strip
from bookwidgets.bank.strings import strings
from bookwidgets.cells.strips import TOKENS_MIME, tokens_html
from bookwidgets.static import source


def html(*arguments, **options):
    return token_strip(*arguments, **options)._repr_mimebundle_()["text/html"]


def items(markup):
    return [re.sub(r"<[^>]*>", "", item) for item in re.findall(r"<li.*?</li>", markup)]


def parts(markup):
    return re.findall(r'class="bw-(\w+)" style="--part:([\d.]+)"', markup)


def test_log_probabilities():
    markup = html(["<user>", "a", "b", "c"], [None, np.log(0.5), 0.0, -np.inf])
    assert items(markup) == ["&lt;user&gt; ", "a −0.69", "b 0.00", "c −∞"]
    assert parts(markup) == [("none", "0"), ("plus", "0.5"), ("plus", "1"), ("none", "0")]
    assert "log-probability, in nats" in markup


def test_mask():
    markup = html(["a", "b"], np.array([0.0, 1.0]), kind="mask")
    assert items(markup) == ["a 0", "b 1"]
    assert parts(markup) == [("none", "0"), ("plus", "1")]


def test_weights_are_signed_and_relative_to_the_largest():
    markup = html(["a", "b", "c", "d"], [-2, 1, 0, -0.0012], kind="weight", label="PPO")
    assert items(markup) == ["a −2.00", "b +1.00", "c 0.00", "d −0.001"]
    assert parts(markup) == [("minus", "1"), ("plus", "0.5"), ("none", "0"), ("minus", "0.001")]
    assert "<b>PPO</b>" in markup


def test_nothing_but_zeros():
    assert parts(html(["a"], [0], kind="weight")) == [("none", "0")]
    assert items(html([], [])) == []


def test_hostile_tokens_stay_text():
    word, label = "</li></ol><script>x()</script>\u202e", "<img src=x onerror=y>"
    markup = html([word, " a\n"], [0.5, 1], kind="weight", label=label)
    assert "<script" not in markup
    assert "<img" not in markup
    assert markup.count("<li") == 2
    assert "<bdi>␣a⏎</bdi>" in markup


def test_the_output_of_a_cell():
    data = token_strip(["a", "b"], [-1, None])._repr_mimebundle_()
    assert data["text/plain"] == "a(−1.00) b"
    assert data["text/html"].startswith("<style>")
    stored = json.loads(json.dumps(data[TOKENS_MIME], allow_nan=False))
    assert "Log-Wahrscheinlichkeit" in tokens_html(stored, strings("de"))


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([1], "weight", r"2 words and 1 values"),
        ([-1, 0.2], "logp", r"value 1 of 'b' is 0.2, a log-probability is at most 0"),
        ([-1, np.nan], "logp", r"value 1 of 'b' is nan"),
        ([0, 0.5], "mask", r"value 1 of 'b' is 0.5, a mask is 0 or 1"),
        ([np.inf, 0], "weight", r"value 0 of 'a' is inf, a weight is finite"),
        ([0, 0], "logits", r"kind='logits'\): choose 'logp', 'mask' or 'weight'"),
    ],
)
def test_values_that_do_not_fit(values, kind, message):
    with pytest.raises(ValueError, match=message):
        token_strip(["a", "b"], values, kind=kind)


def test_styles_of_strips_and_of_questions_do_not_meet():
    """A page may show a strip beside a question about tokens: no class may belong to both."""

    def classes(name):
        return set(re.findall(r"\.(bw-[\w-]+)", source(name)))

    assert "bw-strip" in classes("strips.css")
    assert not classes("strips.css") & classes("quiz.css")
