"""Sign and judge PDF documents (PAdES); keys, trust, time stamps, policy, verdict."""
