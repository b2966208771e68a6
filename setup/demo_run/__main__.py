"""``setup/demo``: parse, run, and always stop what was started."""

import signal
import sys

import requests

from demo_run import options
from demo_run.console import say
from demo_run.failure import DemoFailure
from demo_run.run import Demo

INTERRUPTED = 130


def main() -> int:
    """Run the demo; the status is 0 only when every document arrived, once."""
    chosen = options.parse(sys.argv[1:])
    # Set for both: a shell starts what it puts into the background deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Demo(chosen) as demo:
            right = demo.run()
            if chosen.serve:
                demo.serve()
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except (DemoFailure, requests.RequestException) as failure:
        say(f"FAILED: {failure}")
        return 1
    return 0 if right else 1


sys.exit(main())
