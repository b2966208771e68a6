"""The same invoices through python-quickbooks, as published, on the same emulator.

It sends one call an invoice and, when an answer is lost, is asked to save again, as its
users do. What it sends is what we have sent, to a company of its own.
"""

import argparse
import time

from bench_run.bench import Bench, Measured

LOST_EVERY = 20
# Ours sends batches: each of these many is lost, so that more invoices are struck.
LOST_BATCH_EVERY = 5
NO_NUMBER_WARNING = {"duplicate_number_warning": False}


def run(options: argparse.Namespace) -> Measured:
    """Ours first, then the peer; then both once more while answers are lost."""
    from bench_run.equipment import published_client
    from bench_run.equipment.place import AS_INTUIT, connected_company

    with connected_company("peer", (*AS_INTUIT, "--company", "us")) as place:
        control, view = place.control, place.quickbooks.view
        our_realm, peer_realm = (one["realm_id"] for one in view.info()["realms"])
        for realm_id in (our_realm, peer_realm):
            # As most companies have it; else QuickBooks refuses a number that is there.
            control.switch(realm_id, **NO_NUMBER_WARNING)
        with place.odoo_process() as odoo:
            place.use_catalogue(odoo)
            peer = published_client.Peer(view.info(), peer_realm)
            peer.take_customers(
                view.books(our_realm)["Customer"], view.books(peer_realm)["Customer"]
            )

            def send(count: int, lost: bool) -> tuple["Run", "Run"]:
                ids = odoo.tell("draft", count=count)
                odoo.tell("post", ids=ids)
                if lost:
                    control.arm_every("lost_answer", "/batch", LOST_BATCH_EVERY, count)
                ours = Run(view, our_realm, lambda: odoo.tell("drain"))
                control.clear_faults()
                payloads = odoo.tell("payloads", ids=ids)
                if lost:
                    control.arm_every("lost_answer", "/invoice", LOST_EVERY, count)
                theirs = Run(view, peer_realm, lambda: peer.save_all(payloads))
                control.clear_faults()
                return ours, theirs

            ours, theirs = send(options.invoices, lost=False)
            send(options.lossy, lost=True)
        doubled = [
            doubles(view.books(realm_id)) for realm_id in (our_realm, peer_realm)
        ]
    return Measured(
        {
            "invoices": options.invoices,
            "invoices_with_losses": options.lossy,
            "limits": "intuit",
            "latency": "intuit",
        },
        {
            "speedup": round(theirs.seconds / ours.seconds, 2),
            "call_ratio": round(theirs.calls / ours.calls, 2),
            "our_duplicates": doubled[0],
            "peer_duplicates": doubled[1],
            "our_seconds": round(ours.seconds, 1),
            "peer_seconds": round(theirs.seconds, 1),
            "our_calls": ours.calls,
            "peer_calls": theirs.calls,
        },
    )


class Run:
    """One way of sending: the seconds and the calls that it took."""

    def __init__(self, view, realm_id: str, send) -> None:
        since, begun = view.last_request(), time.monotonic()
        send()
        self.seconds = time.monotonic() - begun
        self.calls = sum(
            call["realm_id"] == realm_id and "/v3/company/" in call["path"]
            for call in view.requests(since)
        )


def doubles(books: dict[str, list[dict]]) -> int:
    """Invoices beyond the first of their number."""
    numbers = [invoice["DocNumber"] for invoice in books["Invoice"]]
    return len(numbers) - len(set(numbers))


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--invoices", type=int, default=300, metavar="N")
    parser.add_argument(
        "--lossy", type=int, default=100, metavar="N", help="so many with lost answers"
    )


BENCH = Bench(
    "peer",
    "the same invoices through python-quickbooks, one call each: time, calls, doubles",
    run,
    limits={"speedup": 10, "call_ratio": 30, "our_duplicates": 0},
    needs=("odoo", "python", "postgresql"),
    arguments=arguments,
)
