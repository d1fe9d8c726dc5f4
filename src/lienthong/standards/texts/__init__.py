"""The text of files as they travel with documents, taken in a process of its own; and the text of scans, recognised."""

from lienthong.standards.texts.apart import text_apart
from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import Text
from lienthong.standards.texts.recognising import is_sound, recognised, recogniser

__all__ = ["NoText", "Text", "Why", "is_sound", "recognised", "recogniser", "text_apart"]
