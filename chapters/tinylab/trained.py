"""Models that several chapters start from are trained once on a machine, and read back from then on.

A stored model belongs to the sources of this package, to numpy's version and to the training function's name and seed:
whatever of it changes, the model is trained again. It is read back to the last bit, so no result depends on whether
it was. Where nothing can be stored, everything is trained in each process, which only takes longer.
"""

import hashlib
import os
import tempfile
import time
from functools import cache, wraps
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from tinylab.model import TinyLM

MONTH = 30 * 24 * 3600  # seconds


def folder():
    """Where trained models are kept: $XDG_CACHE_HOME/tinylab, else ~/.cache/tinylab."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinylab"


@cache
def fingerprint():
    """Of all sources of this package and of numpy's version: a hexadecimal text."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join([np.__version__.encode(), *(path.read_bytes() for path in sources)])).hexdigest()


def trained_once(train):
    """For a function of a seed that returns a freshly trained TinyLM: trains it at most once on this machine.

    The function that it returns gives a fresh copy at each call.
    """

    @cache
    def model(seed):
        path = folder() / f"{train.__name__}-{seed}-{fingerprint()[:16]}.npz"
        return _read(path) or _write(path, train(seed))

    @wraps(train)
    def fresh(seed=0):
        return model(seed).copy()

    return fresh


def _read(path):
    """The model stored at path; None if there is none, or if the file is damaged."""
    try:
        with np.load(path) as stored:
            params = {name: stored[name] for name in ("E", "W1", "b1", "W2", "b2")}
    except (OSError, BadZipFile, ValueError, EOFError, KeyError):
        return None
    vocab_size, embed = params["E"].shape
    model = TinyLM(vocab_size, len(params["W1"]) // embed, embed, len(params["b1"]))
    model.params = params
    return model


def _write(path, model):
    """Store the model's parameters at path, whole or not at all, and clear out last month's; returns the model."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.iterdir():
            if old.stat().st_mtime < time.time() - MONTH:
                old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            np.savez(file, **model.params)
        os.replace(file.name, path)
    except OSError:
        pass  # a full or read-only disk: trained again next time
    return model
