"""The command line: start options, one line when it listens, SIGTERM ends it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from qbo_emulator.companies import KINDS
from qbo_emulator.loopback import address_of, is_loopback_host
from qbo_emulator.settings import Latency, Settings
from qbo_emulator.state import Emulator
from qbo_emulator.store import OtherVersion
from qbo_emulator.wire.app import Application
from qbo_emulator.wire.server import Server

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit status."""
    settings = _settings(argv)
    try:
        emulator = Emulator(settings)
    except OtherVersion as problem:
        sys.stderr.write(f"{settings.state}: {problem}\n")
        return 1
    application = Application(emulator)
    server = Server(settings.host, settings.port, application)
    emulator.base_url = address_of(settings.host, server.port)
    signal.signal(signal.SIGTERM, _end)
    sys.stdout.write(f"QuickBooks emulator on {emulator.base_url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
    finally:
        emulator.stopping.set()
        server.server_close()
        emulator.stop()
    return 0


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _settings(argv: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(
        prog="qbo_emulator",
        description="QuickBooks Online's Accounting API on loopback.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port (0: a free one)")
    parser.add_argument(
        "--state", metavar="FILE", help="keep the state in FILE (else in memory)"
    )
    parser.add_argument(
        "--company",
        action="append",
        choices=sorted(KINDS),
        help="kind of company; may be repeated (default: us)",
    )
    parser.add_argument(
        "--limits",
        choices=("intuit", "off"),
        default="intuit",
        help="Intuit's throttles or none",
    )
    parser.add_argument(
        "--latency",
        type=Latency.parse,
        default=Latency(),
        metavar="none|intuit|BASE_MS+PER_ITEM_MS",
        help="how long an answer takes",
    )
    parser.add_argument(
        "--seed", type=int, default=Settings.seed, help="seed of all chance"
    )
    parser.add_argument(
        "--record",
        metavar="FOLDER",
        default=os.environ.get("QBO_EMULATOR_RECORD") or None,
        help="keep every answer in FOLDER (default: QBO_EMULATOR_RECORD)",
    )
    options = parser.parse_args(argv)
    if not is_loopback_host(options.host):
        # whoever reaches the control plane reads the app's keys and every document
        parser.error("--host is 127.0.0.1, localhost or ::1")
    return Settings(
        host=options.host,
        port=options.port,
        state=options.state,
        companies=tuple(options.company or ("us",)),
        limits=options.limits == "intuit",
        latency=options.latency,
        seed=options.seed,
        record=options.record,
    )
