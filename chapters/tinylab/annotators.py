"""Simulated annotators: people who see two responses and say which one is better.

They value a response by the gold reward, or by a taste of their own, and choose by Bradley-Terry: the larger the
difference in value, the surer the choice. Their weaknesses can be switched on one by one.

This file does not fit anything to the choices. `probability` is exact, so that what a method recovers from drawn
labels can be held against what the annotators had in mind.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinylab.gold import POLITE, gold


def sigmoid(z):
    """1 / (1 + exp(-z)), also where exp(-z) would overflow. sigmoid(log 3) = 0.75."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(z, float)))


@dataclass(frozen=True)
class Annotator:
    """Prefers the first of two responses with probability

        noise + (1 - 2 noise) * sigmoid((value(first) - value(second) + position) / temperature)

    temperature  points of value that make a choice e times as probable as its opposite; 0 for one who never wavers
    noise        probability that a label is turned around by accident, whatever the responses are
    length       value added for each word of a response
    politeness   value added for each word of manners beyond what the taste gives
    position     value added to whichever response is shown first
    taste        what she cares about: a function of prompt and response (text) that returns points

    >>> from tinylab.world import ask
    >>> prompt = ask("last", "cab")
    >>> round(float(Annotator(temperature=0.6).probability(prompt, "sure a b", "a b")), 3)    # sigmoid(0.6 / 0.6)
    0.731
    """

    temperature: float = 0.3
    noise: float = 0.0
    length: float = 0.0
    politeness: float = 0.0
    position: float = 0.0
    taste: Callable[[str, str], float] = gold

    def __post_init__(self):
        if self.temperature < 0:
            raise ValueError(f"temperature must not be negative, got {self.temperature}")
        if not 0 <= self.noise <= 0.5:
            raise ValueError(f"noise is a probability of at most 0.5, got {self.noise}")

    def value(self, prompt, response):
        """What the response is worth to her: taste and biases, in points."""
        words = response.split("<end>")[0].split()
        polite = sum(word in POLITE for word in words)
        return self.taste(prompt, response) + self.length * len(words) + self.politeness * polite

    def probability(self, prompt, first, second):
        """The exact probability that she calls the first response (text) the better one."""
        difference = self.value(prompt, first) - self.value(prompt, second) + self.position
        if self.temperature == 0:
            return self.noise + (1 - 2 * self.noise) * float(np.sign(difference) + 1) / 2  # a tie: one half
        return self.noise + (1 - 2 * self.noise) * float(sigmoid(difference / self.temperature))

    def choose(self, prompts, first, second, rng):
        """Her labels for B pairs of responses, drawn: (B,) bool, True where the first one was preferred."""
        pairs = zip(prompts, first, second, strict=True)
        p = np.array([self.probability(*pair) for pair in pairs])
        return rng.random(len(p)) < p
