"""The body of ``setup/chaos``: everything breaks while people go on working.

What happens is drawn from the seed; when it happens depends on the machine, so a seed
repeats the mixture of a run, not each of its moments.
"""
