"""The write side: each command is a frozen dataclass with its handler beside it.

One module per noun. `bus.HANDLERS` lists them all; `bus.CommandBus.handle` is the only way in.
"""
