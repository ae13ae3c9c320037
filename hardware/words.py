"""What staff read of readers and tags, in their language: English in the code, others in `translations`."""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Callable, Sequence
from pathlib import Path

TRANSLATIONS = Path(__file__).parent / "translations"


class _Speech:
    """The language that is spoken; one for the program, as for every program of the system."""

    catalogue: catalogues.NullTranslations = catalogues.NullTranslations()


def speak(languages: Sequence[str] | None = None) -> None:
    """Speak the first of `languages` that is known, by default what the system is set to; else English."""
    _Speech.catalogue = catalogues.translation("messages", TRANSLATIONS, languages, fallback=True)


def gettext(message: str) -> str:
    """Return a sentence in the language that is spoken."""
    return _Speech.catalogue.gettext(message)


def translator(language: str) -> Callable[[str], str]:
    """Return what says a sentence in `language`, in English where that is not known; '' for the one spoken."""
    if not language:
        return gettext
    return catalogues.translation("messages", TRANSLATIONS, [language], fallback=True).gettext
