"""Sealing with the agency's token at the clerk's own machine: what is asked of it (`asking`), and what comes back
(`putting_in`). The number is taken and the file prepared, then the helper seals; a request is durable throughout."""
