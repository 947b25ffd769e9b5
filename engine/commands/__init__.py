"""The write side: each command is a frozen dataclass with its handler beside it, one module per noun.

`bus.HANDLERS` lists them all; `bus.CommandBus.handle` is the only way to run one.
"""
