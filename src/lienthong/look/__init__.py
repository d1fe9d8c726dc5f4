"""What the pages of both services share: design tokens, style sheet, icons, keyboard, tags, and words for times and
figures. `docs/reference/look.md` says how a screen is built of them."""
