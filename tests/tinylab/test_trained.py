"""A stored model is the trained model to the last bit, and is trained again when anything that made it has changed."""

import numpy as np
import pytest

from tinylab import trained
from tinylab.model import TinyLM


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A training function of its own store, which counts its calls; called anew it is as another process sees it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls = []

    def process():
        def tiny(seed):
            calls.append(seed)
            model = TinyLM(7, window=3, embed=2, hidden=5, seed=seed)
            model.update(np.array([[1, 2, 3]]), np.ones((1, 3)), 0.1)
            return model

        return trained.trained_once(tiny)

    return process, calls


def same(a, b):
    return a.window == b.window and all(np.array_equal(a.params[k], b.params[k]) for k in a.params)


def test_one_training_for_all_processes_and_nothing_lost(make):
    process, calls = make
    first, later = process()(3), process()(3)
    assert calls == [3]
    assert same(first, later)
    tokens = np.array([[1, 4, 2, 6]])
    assert np.array_equal(first.logp(tokens), later.logp(tokens))
    assert first.update(tokens, np.ones((1, 4)), 0.1) == later.update(tokens, np.ones((1, 4)), 0.1)
    assert same(first, later)  # the optimizers started alike, too


def test_copies_are_fresh_and_seeds_apart(make):
    process, calls = make
    model = process()
    model(0).params["E"][:] = 0
    assert model().params["E"].any()
    assert not same(model(0), model(1))
    assert calls == [0, 1]


def test_changed_sources_train_again(make, monkeypatch):
    process, calls = make
    process()(0)
    monkeypatch.setattr(trained, "fingerprint", lambda: "0" * 64)
    process()(0)
    assert calls == [0, 0]


def test_fingerprint_sees_every_source(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1")
    monkeypatch.setattr(trained, "__file__", str(tmp_path / "trained.py"))
    before = trained.fingerprint.__wrapped__()
    (tmp_path / "a.py").write_text("x = 2")
    assert trained.fingerprint.__wrapped__() != before


@pytest.mark.parametrize("damage", [b"", b"PK", b"not an archive", None])
def test_damaged_file_is_replaced(make, damage):
    process, calls = make
    process()(0)
    (path,) = trained.folder().iterdir()
    path.write_bytes(path.read_bytes()[:900] if damage is None else damage)
    process()(0)
    process()(0)
    assert calls == [0, 0]


def test_no_place_to_store(make, tmp_path, monkeypatch):
    process, calls = make
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert same(process()(0), process()(0))
    assert calls == [0, 0]
