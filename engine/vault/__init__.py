"""What is sealed until it is opened: tenders, requests, projects, as they come in.

Sealing needs a public key alone, so whoever receives cannot read; the private key lies outside the
database and is used when two persons have opened. No I/O here: bytes in, bytes out.
"""
