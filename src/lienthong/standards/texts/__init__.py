"""The text of files as they travel with documents, taken in a process of its own."""

from lienthong.standards.texts.apart import Means, text_apart
from lienthong.standards.texts.problems import NoText, Why

__all__ = ["Means", "NoText", "Why", "text_apart"]
