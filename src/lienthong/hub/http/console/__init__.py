"""The hub's console: metadata only. Operators do not read content, and no route of the hub shows any.

One module a page; `routes.py` is the table of routes, who may use them, and what the navigation shows.
`docs/reference/console.md` says how a page is added.
"""
