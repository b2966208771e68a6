"""Runs within an Odoo process: does what a measurement asks, and tells what it cost.

The only module here that knows Odoo's models; ``odoo_process`` starts it.
"""

import cProfile
import gc
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from odoo.addons.base.models.ir_cron import IrCron

from bench_run.equipment.copies import multiply
from bench_run.equipment.cost import Cost
from bench_run.equipment.database_cpu import cpu_seconds_of_sessions
from bench_run.equipment.pages import PageReader

CHANNEL = "BENCH_CHANNEL"
DRAFTS_AT_ONCE = 100
POLL_S = 0.02
LANES = "QuickBooks: export%"
LINES = 3
CUSTOMERS = 12


def serve(env) -> None:
    """Do what comes through the channel until it ends."""
    worker = Worker(env)
    with Connection(int(os.environ[CHANNEL])) as channel:
        while True:
            try:
                name, arguments = channel.recv()
            except EOFError:
                return
            try:
                answer = getattr(worker, name)(**arguments)
                env.cr.commit()
            except Exception:  # told to the measuring process, which fails by it
                env.cr.rollback()
                channel.send((False, traceback.format_exc()))
            else:
                channel.send((True, answer))


class Worker(PageReader):
    """What a measurement can ask of an Odoo process; each call is one transaction."""

    def __init__(self, env) -> None:
        self.env = env
        self._partner_ids: list[int] = []
        self._product_ids: list[int] = []

    # -- what is sold, and to whom -------------------------------------------------

    def make_catalogue(self) -> None:
        """Make a tax, products and customers: enough to post, nothing is mapped."""
        company = self.env.company
        tax = self.env["account.tax"].create(
            {
                "name": "Bench 8.25%",
                "amount": 8.25,
                "type_tax_use": "sale",
                "country_id": company.account_fiscal_country_id.id,
            }
        )
        products = self.env["product.product"].create(
            [
                {
                    "name": f"Work {number}",
                    "type": "service",
                    "list_price": 100 + number,
                    "taxes_id": [(6, 0, tax.ids)],
                }
                for number in range(LINES)
            ]
        )
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        self.use_catalogue(partners.ids, products.ids)

    def use_catalogue(self, partner_ids: list[int], product_ids: list[int]) -> None:
        """Sell these products to these customers."""
        self._partner_ids, self._product_ids = partner_ids, product_ids

    # -- companies -------------------------------------------------------------------

    def found_companies(self, realm_ids: list[str], count: int) -> dict[str, list[int]]:
        """Make a company for each realm, connected to it; posted invoices by realm."""
        from demo_run.several_companies import (
            company_with_books,
            connect,
            post_invoices,
        )

        posted = {}
        for number, realm_id in enumerate(realm_ids, 1):
            own = company_with_books(self.env, number)
            connect(own, realm_id)
            posted[realm_id] = post_invoices(own, count).ids
            self.env.cr.commit()
        return posted

    # -- documents -------------------------------------------------------------------

    def draft(self, count: int, lines: int = LINES) -> list[int]:
        """Make draft invoices; their ids."""
        moves = self.env["account.move"]
        ids: list[int] = []
        while len(ids) < count:
            ids += moves.create(
                [
                    self._invoice(len(ids) + number, lines)
                    for number in range(min(DRAFTS_AT_ONCE, count - len(ids)))
                ]
            ).ids
            self.env.cr.commit()
            self.env.invalidate_all()
        return ids

    def _invoice(self, number: int, lines: int) -> dict:
        partners, products = self._partner_ids, self._product_ids
        return {
            "move_type": "out_invoice",
            "partner_id": partners[number % len(partners)],
            "invoice_date": time.strftime("%Y-%m-%d"),
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": products[(number + line) % len(products)],
                        "quantity": 1 + (number + line) % 5,
                    },
                )
                for line in range(lines)
            ],
        }

    def post(self, ids: list[int]) -> Cost:
        """Post drafts in one transaction, and commit."""
        self.env.invalidate_all()
        with self._cost() as cost:
            self.env["account.move"].browse(ids).action_post()
            self.env.cr.commit()
        return cost

    def draft_and_post(self, count: int) -> Cost:
        """Make invoices and post them; the cost of both."""
        with self._cost() as cost:
            ids = self.draft(count)
            self.env["account.move"].browse(ids).action_post()
            self.env.cr.commit()
        return cost

    def multiply(self, ids: list[int], copies: int) -> list[int]:
        """Copy posted invoices as they stand in the tables; the copies' ids."""
        return multiply(self.env.cr, ids, copies)

    def queue_copies(self, originals: int, count: int) -> None:
        """Have so many posted invoices in the outbox, most of them copies."""
        ids = self.draft(min(originals, count))
        self.post(ids)
        copies = self.multiply(ids, -(-count // len(ids)) - 1)
        self.enqueue(copies[: count - len(ids)])

    def enqueue(self, ids: list[int]) -> None:
        """Queue posted invoices as their posting does."""
        moves = self.env["account.move"].browse(ids)
        for own in moves.grouped("company_id").values():
            for start in range(0, len(own), 1000):
                self.env["qbo.export"]._enqueue(own[start : start + 1000])
                self.env.cr.commit()

    # -- exporting -------------------------------------------------------------------

    def leave_other_jobs(self) -> None:
        """Run no scheduled action but the lanes of the export."""
        self.env.cr.execute("UPDATE ir_cron SET active = cron_name LIKE %s", (LANES,))

    def lift_limits(self) -> None:
        """Make as many calls as possible: there is no Intuit behind the emulator."""
        from odoo.addons.service_billing_qbo.quickbooks import Limiter

        unlimited = Limiter(10**9, 10**9, 10**9)
        type(self.env["qbo.connection"])._limiter = lambda _self, _realm_id: unlimited

    def drain(self) -> Cost:
        """Run scheduled actions, as Odoo's server does, until nothing is open."""
        with self._cost() as cost:
            while left := self.open_count():
                IrCron._process_jobs(self.env.cr.dbname)
                self.env.cr.commit()
                if self.open_count() == left:
                    time.sleep(POLL_S)  # nothing is due just now
        return cost

    def profile_drain(self, path: str) -> None:
        """Drain, and keep where the main thread's time went (``pstats``)."""
        profile = cProfile.Profile()
        profile.runcall(self.drain)
        profile.dump_stats(path)

    def payloads(self, ids: list[int]) -> list[str]:
        """What was sent for these invoices, as JSON."""
        exports = self.env["qbo.export"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", ids)]
        )
        return exports.mapped("payload_text")

    def open_count(self) -> int:
        """How many exports are not done."""
        self.env.cr.execute(
            "SELECT count(*) FROM qbo_export"
            " WHERE state IN ('waiting', 'sending', 'retry', 'checking')"
        )
        return self.env.cr.fetchone()[0]

    # -- cost ------------------------------------------------------------------------

    @contextmanager
    def _cost(self) -> Iterator[Cost]:
        """What the block costs this process and its sessions of PostgreSQL."""
        self.env.cr.commit()
        gc.collect()
        cost = Cost()
        sessions = cpu_seconds_of_sessions(self.env.cr)
        queries = self.env.cr.sql_log_count
        wall_s, cpu_s = time.monotonic(), time.process_time()
        yield cost
        cost.wall_s = time.monotonic() - wall_s
        cost.cpu_s = time.process_time() - cpu_s
        cost.queries = self.env.cr.sql_log_count - queries
        after = cpu_seconds_of_sessions(self.env.cr)
        cost.database_cpu_s = sum(
            after[session] - sessions.get(session, 0) for session in after
        )
