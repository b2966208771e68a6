"""People at work while everything breaks: they post, change, cancel, and try again."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import TypeVar

import requests
from demo_run import invoicing
from demo_run.api import Api, OdooRefused
from demo_run.documents import documents
from demo_run.sample import CUSTOMERS, NEW_CUSTOMER
from demo_run.shop import Shop

from chaos_run.nodes import Node, running

AT_ONCE = 10
PATIENCE_S = 180
PAUSE_S = 0.3
#: What one of several invoices gets, by chance.
CHANGED, CANCELLED, CREDITED, WELCOMED = 0.12, 0.04, 0.05, 0.02
#: Odoo's words for "the database is away" and "somebody was first": press again.
PASSING = ("psycopg2.", "odoo.exceptions.LockError", "werkzeug.", "5")

Answer = TypeVar("Answer")


class GaveUp(Exception):
    """Nothing answered for a long time."""


class Switchboard:
    """Reaches the servers that are up; presses again when one dies meanwhile."""

    def __init__(self, nodes: list[Node], seed: object) -> None:
        self._nodes = nodes
        self._chance = random.Random(f"{seed} switchboard")

    def ask(self, person: Api, question: Callable[[Api], Answer]) -> Answer:
        """Have it done by a server that is up, by another one if it dies.

        What was begun may have been done: who asks twice may get two.

        :raises GaveUp: when no server answers for long
        :raises OdooRefused: when Odoo refuses, and not for a passing reason
        """
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for node in self._up():
                try:
                    return question(person.at(node.url))
                except requests.RequestException:
                    continue
                except OdooRefused as refused:
                    if not refused.name.startswith(PASSING):
                        raise
            time.sleep(PAUSE_S)
        raise GaveUp(f"no server answered for {PATIENCE_S} s")

    def _up(self) -> Iterator[Node]:
        return running(self._nodes, self._chance)


class Stack:
    """The invoices that are still to be written; several clerks take from it."""

    def __init__(self, count: int) -> None:
        self._documents = documents(count)
        self._lock = threading.Lock()
        self.taken = 0

    def take(self, count: int) -> list:
        """The next ones, fewer at the end."""
        with self._lock:
            taken = list(islice(self._documents, count))
            self.taken += len(taken)
            return taken


class Clerk(threading.Thread):
    """Writes and posts what is on the stack, and changes what was posted before."""

    def __init__(
        self, number: int, shop: Shop, switchboard: Switchboard, stack: Stack, seed: int
    ) -> None:
        super().__init__(name=f"clerk {number}", daemon=True)
        self._number, self._shop = number, shop
        self._switchboard, self._stack = switchboard, stack
        self._chance = random.Random(f"{seed} clerk {number}")
        # Who shares a name with another customer would wait for a person.
        first = shop.customers[CUSTOMERS[0].key]
        self._partners = {NEW_CUSTOMER.key: first, **shop.customers}
        self.refusals: list[str] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Work until the stack is empty."""
        try:
            while planned := self._stack.take(AT_ONCE):
                self._write_and_post(planned)
                self._look_back(len(planned))
        except Exception as failure:  # told by the run, in whose thread it matters
            self.failure = failure

    def _write_and_post(self, planned: list) -> None:
        if self._chance.random() < WELCOMED * len(planned):
            self._welcome(planned[0].customer)
        self._ask(
            lambda api: invoicing.post(
                api,
                invoicing.make_invoices(
                    api, self._shop.catalogue, self._partners, planned
                ),
            )
        )

    def _welcome(self, key: str) -> None:
        """From now on a new customer buys what that one bought."""
        name = f"Walk-in {self._number}-{self._chance.randrange(10**6)}"
        made = self._ask(
            lambda api: api.create(
                "res.partner", {"name": name}, res_partner_search_mode="customer"
            )
        )
        if made:  # else who bought it before goes on buying it
            self._partners[key] = made

    def _look_back(self, count: int) -> None:
        for _number in range(count):
            drawn = self._chance.random()
            if drawn < CHANGED:
                self._change()
            elif drawn < CHANGED + CANCELLED:
                self._cancel()
            elif drawn < CHANGED + CANCELLED + CREDITED:
                self._credit()

    def _change(self) -> None:
        """Reset one to draft, sell another quantity, post it again."""
        quantity = self._chance.randint(1, 9)

        def change(api: Api) -> None:
            move = self._some_posted(api, "out_invoice")
            api.call("account.move", "button_draft", [move])
            line = api.search_read(
                "account.move.line",
                [("move_id", "=", move), ("display_type", "=", "product")],
                ["id"],
                limit=1,
            )[0]["id"]
            values = {"invoice_line_ids": [(1, line, {"quantity": quantity})]}
            api.write("account.move", [move], values)
            api.call("account.move", "action_post", [move])

        self._ask(change)

    def _cancel(self) -> None:
        kind = self._chance.choice(["out_invoice", "out_invoice", "out_refund"])

        def cancel(api: Api) -> None:
            move = self._some_posted(api, kind)
            api.call("account.move", "button_draft", [move])
            api.call("account.move", "button_cancel", [move])

        self._ask(cancel)

    def _credit(self) -> None:
        """Give money back without an invoice: one line, of one product."""
        products = self._shop.catalogue.products
        values = {
            "move_type": "out_refund",
            "partner_id": self._chance.choice(list(self._partners.values())),
            "invoice_date": date.today().isoformat(),
            "invoice_line_ids": [
                (0, 0, {"product_id": self._chance.choice(list(products.values()))})
            ],
        }
        self._ask(lambda api: invoicing.post(api, [api.create("account.move", values)]))

    def _some_posted(self, api: Api, move_type: str) -> int:
        """One of the newest: those that are on their way just now.

        :raises OdooRefused: when there is none
        """
        found = api.search_read(
            "account.move",
            [("move_type", "=", move_type), ("state", "=", "posted")],
            ["id"],
            limit=40,
            order="id desc",
        )
        if not found:
            raise OdooRefused("search", "", f"there is no posted {move_type}")
        return self._chance.choice(found)["id"]

    def _ask(self, question: Callable[[Api], Answer]) -> Answer | None:
        """A refusal (somebody else has it in hand) is noted, and work goes on."""
        try:
            return self._switchboard.ask(self._shop.clara, question)
        except OdooRefused as refused:
            self.refusals.append(f"{refused.name}: {refused}")
            return None
