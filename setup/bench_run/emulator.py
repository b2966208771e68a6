"""How many batch items a second the emulator takes, and whether it slows as it grows.

It must never be the bottleneck of a measurement: limits and latency are off, clients
create invoices in batches of 30 over HTTP, and the state is a file.
"""

import argparse
import http.client
import itertools
import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from bench_run.bench import Bench, Measured
from bench_run.equipment.signing_in import access_token
from qbo_emulator.testing import EmulatorProcess

ITEMS = 30  # the most that a batch takes
CUSTOMERS = 200
TIMEOUT_S = 60


class Refused(Exception):
    """The emulator did not take a batch: there is nothing to measure."""


@dataclass
class Pace:
    """Items, and the time that they took: of the clock and of the emulator's CPU."""

    items: int
    seconds: float
    cpu_seconds: float

    @property
    def items_per_s(self) -> float:
        return self.items / self.seconds


class Company:
    """A connected company that takes batches of invoices."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._address = urlsplit(emulator.base_url).netloc
        self._own = threading.local()
        info = emulator.info()
        realm_id = info["realms"][0]["realm_id"]
        self._path = f"/v3/company/{realm_id}/batch"
        self._headers = {
            "Authorization": f"Bearer {access_token(info, realm_id)}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._customers = self._make_customers()

    def create_invoices(self, _call: int = 0) -> None:
        """Send one batch of new invoices, with a requestid as a careful client does."""
        with self._lock:
            numbers = [next(self._numbers) for _ in range(ITEMS)]
        self._batch("Invoice", [self._invoice(n) for n in numbers], f"b{numbers[0]}")

    def _make_customers(self) -> list[str]:
        made: list[str] = []
        while len(made) < CUSTOMERS:
            names = [f"Customer {len(made) + n}" for n in range(ITEMS)]
            sent = [{"DisplayName": name} for name in names]
            answer = json.loads(self._batch("Customer", sent, f"c{len(made)}"))
            made += [item["Customer"]["Id"] for item in answer["BatchItemResponse"]]
        return made

    def _invoice(self, n: int) -> dict[str, object]:
        return {
            "DocNumber": f"B{n:07}",
            "CustomerRef": {"value": self._customers[n % len(self._customers)]},
            "PrivateNote": f"bench {n}",
            "Line": [
                {
                    "DetailType": "SalesItemLineDetail",
                    "Description": f"Work of week {line}",
                    "Amount": 100 + line,
                    "SalesItemLineDetail": {
                        "ItemRef": {"value": "1"},
                        "Qty": 1,
                        "UnitPrice": 100 + line,
                        "TaxCodeRef": {"value": "NON"},
                    },
                }
                for line in (1, 2)
            ],
        }

    def _batch(self, entity: str, documents: list[object], request_id: str) -> bytes:
        items = [
            {"bId": str(n), "operation": "create", entity: document}
            for n, document in enumerate(documents)
        ]
        body = json.dumps({"BatchItemRequest": items})
        connection = self._connection()
        connection.request(
            "POST", f"{self._path}?requestid={request_id}", body, self._headers
        )
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200 or b'"Fault"' in text:
            raise Refused(text[:500].decode())
        return text

    def _connection(self) -> http.client.HTTPConnection:
        """Each client keeps a connection of its own."""
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(
                self._address, timeout=TIMEOUT_S
            )
        return self._own.connection


def run(options: argparse.Namespace) -> Measured:
    """Fill a new company; compare the beginning with the end."""
    window, warm_up = options.window, options.window // 5
    if options.invoices < warm_up + 2 * window:
        raise SystemExit(f"--invoices: at least {warm_up + 2 * window}")
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder, "books.sqlite")
        with EmulatorProcess(state=state) as emulator:
            with ThreadPoolExecutor(options.clients) as clients:
                process = psutil.Process(emulator.pid)
                company = Company(emulator)

                def created(items: int) -> Pace:
                    begun, cpu = time.monotonic(), sum(process.cpu_times()[:2])
                    batches = items // ITEMS
                    list(clients.map(company.create_invoices, range(batches)))
                    spent = sum(process.cpu_times()[:2]) - cpu
                    return Pace(batches * ITEMS, time.monotonic() - begun, spent)

                created(warm_up)
                first = created(window)
                middle = created(options.invoices - warm_up - 2 * window)
                last = created(window)
            size_mb = state.stat().st_size / 1e6
    paces = (first, middle, last)
    items = sum(pace.items for pace in paces)
    return Measured(
        {
            "invoices": options.invoices,
            "window": window,
            "clients": options.clients,
            "batch": ITEMS,
        },
        {
            "items_per_s": round(items / sum(pace.seconds for pace in paces), 1),
            "growth_ratio": round(first.items_per_s / last.items_per_s, 3),
            "growth_ratio_cpu": round(last.cpu_seconds / first.cpu_seconds, 3),
            "items_per_s_first": round(first.items_per_s, 1),
            "items_per_s_last": round(last.items_per_s, 1),
            "items_per_cpu_s": round(
                items / sum(pace.cpu_seconds for pace in paces), 1
            ),
            "state_mb": round(size_mb, 1),
        },
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=100_000, metavar="N")
    parser.add_argument("--clients", type=int, default=2, metavar="N")
    parser.add_argument(
        "--window",
        type=int,
        default=3_000,
        metavar="N",
        help="so many at the end are compared with so many at the beginning",
    )


BENCH = Bench(
    "emulator",
    "batch items a second, and whether growth to 100,000 invoices slows it",
    run,
    limits={"items_per_s": 300, "growth_ratio": 1.5},
    arguments=arguments,
)
