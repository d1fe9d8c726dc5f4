"""`python -m lienthong` is the command `lienthong`."""

from lienthong.runtime.cli import main

main()
