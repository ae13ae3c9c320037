"""Words in every language the shop has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from server.wire import Text, words

LANGUAGES = ("en", "es")
FOLDER = Path(__file__).parent / "translations"


def mark(message: str) -> str:
    """Return `message` unchanged; marks it for translation where it is written."""
    return message


@cache
def _translations(language: str) -> NullTranslations:
    return Translations.load(FOLDER, [language])


def in_every_language(message: str, **parts: str | Text) -> Text:
    """Return `message` (marked, in English) in all `LANGUAGES`, its `{parts}` filled in in the same language."""
    return {language: in_one_language(message, language, **parts) for language in LANGUAGES}


def in_one_language(message: str, language: str, **parts: str | Text) -> str:
    """Return `message` in `language`, its `{parts}` filled in."""
    filled = {name: part if isinstance(part, str) else words(part, language) for name, part in parts.items()}
    translated: str = _translations(language).gettext(message)
    return translated.format(**filled)
