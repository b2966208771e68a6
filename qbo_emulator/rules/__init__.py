"""The business rules: what needs more than one member, or more than one document.

A rule is a function of one :class:`~qbo_emulator.change.Change`; the entities name the
rules that hold for them, in the order in which they run.
"""
