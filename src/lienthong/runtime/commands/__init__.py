"""The commands of `lienthong`, one module each."""
