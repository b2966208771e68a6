"""``setup/chaos``: run, show the table, and always stop what was started."""

import json
import signal
import sys

from demo_run import console
from demo_run.failure import DemoFailure

from chaos_run import options
from chaos_run.run import Chaos

INTERRUPTED = 130


def main() -> int:
    """The status is 0 only when no document and no connection was lost."""
    chosen = options.parse(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console.speaker = "chaos"
    console.say(f"seed {chosen.seed}")
    try:
        with Chaos(chosen) as chaos:
            report = chaos.run()
    except KeyboardInterrupt:
        console.say("interrupted")
        return INTERRUPTED
    except DemoFailure as failure:
        console.say(f"FAILED: {failure}")
        return 1
    console.show(report.text())
    if chosen.json:
        text = json.dumps(report.as_json(), indent=2)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return 0 if report.good else 1


sys.exit(main())
