"""Faults on demand: what the real service does on its bad days."""
