"""Finding a word in whatever form it stands: Russian and English, without regard to case.

Words are compared by their stems (Snowball, https://snowballstem.org), so that «молоко» finds
«купить молока» and "buying" finds "buy". The beginning of a word finds it as well.
"""

import re
import unicodedata
from typing import Final

import Stemmer  # type: ignore[import-not-found] # compiled, without stubs

LONGEST_SEARCH: Final = 200
"""Characters of a text that is looked for: whoever takes one refuses more, or cuts it."""

_WORD: Final = re.compile(r"[^\W_]+")
_CYRILLIC: Final = re.compile("[а-яё]")
# Without its memory of words, and without one of ours: a stem is worked out in half a microsecond,
# and what people write has new words without end.
_RUSSIAN: Final = Stemmer.Stemmer("russian", 0)
_ENGLISH: Final = Stemmer.Stemmer("english", 0)


def search_words(*texts: str) -> str:
    """The stems in *texts*, each once, each behind a space: what `search_terms` are looked for in.

    A text has a word if `" " + term` is in the result for it.
    """
    stems = dict.fromkeys(stem for text in texts for stem in _stems(text))
    return "".join(f" {stem}" for stem in stems)


def search_terms(text: str) -> tuple[str, ...]:
    """What a task must have, all of it, to be found by *text*; nothing if *text* has no word."""
    return tuple(dict.fromkeys(_stems(text)))


def _stems(text: str) -> list[str]:
    normal = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return [_stem(word) for word in _WORD.findall(normal)]


def _stem(word: str) -> str:
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    stem: str = stemmer.stemWord(word)
    return stem
