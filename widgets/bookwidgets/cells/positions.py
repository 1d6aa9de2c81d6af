"""The positions of an explorable: which values each parameter of a function takes, checked before anything is drawn."""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from numbers import Real
from typing import Any

Value = int | float | str
MOST_FRAMES = 60
MOST_RANGES = 3


@dataclass(frozen=True)
class Range:
    """What one slider runs over: numbers that increase, or different strings; ``start`` counts from 0."""

    name: str
    label: str
    values: list[Value]
    start: int

    @property
    def texts(self) -> list[str]:
        """The values as a reader sees and hears them."""
        return [value if isinstance(value, str) else f"{value:g}" for value in self.values]

    def __str__(self) -> str:
        texts = self.texts
        listed = ", ".join(texts) if isinstance(self.values[0], str) else f"{texts[0]} to {texts[-1]}"
        return f"{self.label} ({listed})"


def called(draw: Callable[..., Any], ranges: Sequence[Range], position: Sequence[Value]) -> str:
    """A position as the call that draws it: "frontier(beta=0.1)"."""
    arguments = ", ".join(f"{range_.name}={value!r}" for range_, value in zip(ranges, position, strict=True))
    return f"{draw.__name__}({arguments})"


def ranges_of(
    draw: Callable[..., Any],
    values: Mapping[str, Iterable[Value]],
    default: Mapping[str, Value],
    labels: Mapping[str, str],
) -> list[Range]:
    """The ranges of ``draw``'s parameters. Raises ``ValueError`` that names the function and what to change."""
    _check_names(draw, values, default, labels)
    ranges = []
    for name, listed in values.items():
        found = _values(draw, name, listed)
        start = found.index(default[name]) if default.get(name) in found else len(found) // 2
        if name in default and default[name] not in found:
            raise ValueError(f"{draw.__name__}: the default {name}={default[name]!r} is not among its values {found}")
        ranges.append(Range(name, labels.get(name, name), found, start))
    count = math.prod(len(range_.values) for range_ in ranges)
    if count > MOST_FRAMES:
        factors = " x ".join(f"{len(range_.values)} of {range_.name}" for range_ in ranges)
        raise ValueError(f"{draw.__name__}: {factors} make {count} frames, at most {MOST_FRAMES}: list fewer values")
    return ranges


def _check_names(draw: Callable[..., Any], values: Mapping[str, Any], *more: Mapping[str, Any]) -> None:
    """Every range needs a parameter and every parameter a range; ``more`` may only name what has one."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = {name: p for name, p in inspect.signature(draw).parameters.items() if p.kind in kinds}
    for name in values:
        if name not in parameters:
            raise ValueError(f"{draw.__name__} has no parameter {name!r}{_nearest(name, parameters)}")
    for name, parameter in parameters.items():
        if name not in values and parameter.default is inspect.Parameter.empty:
            raise ValueError(f"{draw.__name__}: its parameter {name!r} has no values: explore({name}=[...], ...)")
    if not 1 <= len(values) <= MOST_RANGES:
        raise ValueError(
            f"{draw.__name__}: explore() takes values for 1 to {MOST_RANGES} parameters, not {len(values)}"
        )
    for name in [name for mapping in more for name in mapping]:
        if name not in values:
            raise ValueError(f"{draw.__name__}: a default or label names {name!r}, which is not explored")


def _nearest(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, list(names), 1)
    return f": did you mean {near[0]!r}?" if near else f"; it has {', '.join(names) or 'none'}"


def _values(draw: Callable[..., Any], name: str, listed: Iterable[Value]) -> list[Value]:
    where = f"{draw.__name__}: the values of {name!r}"
    if isinstance(listed, str) or not isinstance(listed, Iterable):
        raise ValueError(f"{where} are {listed!r}: give a list of numbers or of strings")
    values = [value.item() if hasattr(value, "item") else value for value in listed]  # NumPy's scalars become Python's
    if len(values) < 2:
        raise ValueError(f"{where} are {values}: list at least two")
    if all(isinstance(value, str) for value in values):
        if len(set(values)) < len(values):
            raise ValueError(f"{where} are {values}: list each once")
    elif not all(isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value) for value in values):
        raise ValueError(f"{where} are {values}: all must be finite numbers, or all strings")
    elif any(after <= before for before, after in pairwise(values)):
        raise ValueError(f"{where} are {values}: a slider needs numbers that increase")
    return values
