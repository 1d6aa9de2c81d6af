"""Numbers for the prose: formatted once, plain, kept from sight."""

import numpy as np
import pytest

from bookwidgets.cells import glue as module
from bookwidgets.cells.glue import glue


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list:
    """What was displayed: data and metadata."""
    calls: list = []
    monkeypatch.setattr(module, "display", lambda data, raw, metadata: calls.append((data, raw, metadata)))
    return calls


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [(1.8351, ".2f", "1.84"), (np.float64(1.84), "", "1.84"), (np.int64(3), "", "3"), (1234567, ",", "1,234,567"),
     (0.257, ".0%", "26%"), ("a word", "", "a word"), (np.float32(0.5), "", "0.5"), (True, "", "True")],
)  # fmt: skip
def test_a_value_is_kept_as_text_under_its_name(kept, value, spec, text):
    glue("name", value, spec)
    prefix = "application/papermill.record/"
    metadata = {"scrapbook": {"name": "name", "mime_prefix": prefix}}
    assert kept == [({f"{prefix}text/plain": repr(text)}, True, metadata)]


@pytest.mark.parametrize("value", [[1.0], np.array([1.0, 2.0]), None, {"a": 1}, 1j])
def test_what_is_no_number_is_refused(kept, value):
    with pytest.raises(TypeError, match=r"glue\('name'\) takes one number or a string, not \w+: reduce it first"):
        glue("name", value)
    assert kept == []
