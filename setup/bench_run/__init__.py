"""``setup/bench``: measurements, each a module here with a :class:`Bench` ``BENCH``."""
