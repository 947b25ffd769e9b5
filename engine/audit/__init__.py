"""The record: sealing entries into a chain, signing its head, verifying it, handing it out.

Pure: nothing here reads a clock, a database or the environment. The store keeps what `chain.seal`
returns.
"""
