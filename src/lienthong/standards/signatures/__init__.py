"""Sign and judge PDF documents (PAdES); keys, trust, time stamps, policy, verdict.

`prepare`, `sign_person`, `fill`, `seal` make a document in the legal order of Decree 30/2020 (signature, number, seal);
`judge` says what a finished one is worth. All acts turn bytes into bytes. Keys come in behind `Key`, the network behind
`Fetcher`; nothing here opens a connection.
"""
