"""Characters that no reader can see."""

import unicodedata

# Marks that do something useful: line ends, tabs, and the joiners that some scripts and emoji need.
_USEFUL = set("\n\t\u200c\u200d")
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}  # controls, marks that reorder the text around them, surrogates, private use


def hidden_character(text: str) -> str | None:
    """The first character of ``text`` that cannot be seen, by its code and name, or None.

    >>> hidden_character("a\\u202eb")
    'U+202E (RIGHT-TO-LEFT OVERRIDE)'
    """
    if text.replace("\n", "").isprintable():  # nearly every text, and much faster
        return None
    for character in text:
        if unicodedata.category(character) in _HIDDEN and character not in _USEFUL:
            name = unicodedata.name(character, "")
            return f"U+{ord(character):04X}" + f" ({name})" * bool(name)
    return None
