"""QuickBooks Online's Accounting API on loopback, for tests, demos and fault runs.

Start it with ``python -m qbo_emulator --port 8080`` or, in tests, with
:class:`qbo_emulator.testing.EmulatorProcess`. The package knows nothing of the
programs that talk to it.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
