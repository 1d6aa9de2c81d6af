"""A language model small enough to see, and the world it lives in."""
