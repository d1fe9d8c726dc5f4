"""The helper at a signer's own machine: a page of one office asks it for signatures, its user agrees by their PIN,
and the key never leaves the token.

    http ──► pairing          whose browser may ask at all
      └────► question ──► desk ──► the token

It listens on loopback alone, knows one office, sees what is signed and never a document, and keeps no PIN. It needs
neither framework nor database: what is installed at a desk is the package without its services.
"""
