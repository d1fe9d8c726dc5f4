"""Copies of documents: what may be copied and how, the act, the book of copies (Decree 30/2020, Articles 25–27)."""
