"""What the demo stops at: reasons that are told to the person in one message."""


class DemoFailure(Exception):
    """Anything that the demo cannot go on after; the text is for people."""
