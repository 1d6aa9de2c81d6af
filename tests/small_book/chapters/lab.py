"""What the second chapter computes with."""


def double(x):
    return 2 * x
