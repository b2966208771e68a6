"""The query language of reference 8: grammar, and running a statement."""
