"""The meaning of each colour, the same in every figure of the book."""

REFERENCE = "#6b7280"  # the model we start from
TRAINED = "#0b62a8"  # the policy in training
GOLD = "#2c7a3f"  # what we want
PROXY = "#b85c00"  # what we measure
REJECTED = "#b3261e"  # the response that lost
