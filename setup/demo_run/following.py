"""Following what was posted until it is in QuickBooks, and settling what stops it.

A problem that needs a person gets one, who uses what the product offers for it. What
no person of the demo could settle ends the wait; the table then shows it.
"""

from collections.abc import Sequence

from demo_run import sample
from demo_run.console import say
from demo_run.shop import Shop
from demo_run.wait import TooLate, until

# So long may the exports take in the worst case, on a machine that is busy.
SECONDS_PER_DOCUMENT = 2.0
SECONDS_AT_LEAST = 90.0
ON_THE_WAY = ("not_exported", "waiting", "sending", "retry", "checking")
POLL_S = 0.5


class Follower:
    """Watches documents and customers through the API until all have arrived.

    :param shop: its clerk changes customers, its administrator settles problems
    :param may_link: customers of earlier runs are in the books, and may be taken
    """

    def __init__(self, shop: Shop, *, may_link: bool = False) -> None:
        self._clerk = shop.clara
        self._bookkeeper = shop.bruno.api
        self._may_link = may_link
        self._customers = {
            shop.customers[customer.key]: customer
            for customer in (*sample.CUSTOMERS, sample.NEW_CUSTOMER)
            if customer.key in shop.customers
        }
        self._newcomers = [shop.customers[sample.NEW_CUSTOMER.key]]
        self._told: set[int] = set()

    def follow(self, moves: Sequence[int]) -> None:
        """Return when nothing is on its way any more, whatever became of it."""
        timeout_s = SECONDS_AT_LEAST + SECONDS_PER_DOCUMENT * len(moves)
        try:
            until(lambda: self._arrived(moves), "the exports", timeout_s, POLL_S)
        except TooLate as late:
            say(str(late))

    def _arrived(self, moves: Sequence[int]) -> bool:
        # In this order: a problem that stops the last one is seen after its state.
        waiting = self._on_the_way("account.move", moves) or self._on_the_way(
            "res.partner", self._newcomers
        )
        return not self._settle_problems() and not waiting

    def _on_the_way(self, model: str, ids: Sequence[int]) -> bool:
        rows = self._clerk.read(model, ids, ["qbo_status"])
        return any(row["qbo_status"] in ON_THE_WAY for row in rows)

    def _settle_problems(self) -> bool:
        """Settle what can be settled; whether anything was."""
        problems = self._bookkeeper.search_read(
            "qbo.problem",
            [("closed_at", "=", False)],
            ["kind", "message", "res_model", "res_id"],
        )
        settled = False
        for problem in problems:
            if problem["id"] not in self._told:
                self._told.add(problem["id"])
                say(f"problem: {problem['message']}")
                settled = self._settle(problem) or settled
        return settled

    def _settle(self, problem: dict) -> bool:
        """Do what the problem asks for; whether a person of the demo knew how."""
        customer = self._customers.get(problem["res_id"])
        if problem["kind"] != "customer" or customer is None:
            return False
        partner = self._clerk.read("res.partner", [problem["res_id"]], ["qbo_name"])[0]
        if customer.told_apart and not partner["qbo_name"]:
            self._create_as(problem, customer.told_apart)
            return True
        name = partner["qbo_name"] or customer.name
        return self._may_link and self._link(problem["res_id"], name)

    def _create_as(self, problem: dict, name: str) -> None:
        """It is somebody else: give it another name in QuickBooks."""
        say(f"clara gives it the name {name} in QuickBooks")
        self._clerk.write("res.partner", [problem["res_id"]], {"qbo_name": name})
        self._bookkeeper.call("qbo.problem", "action_retry_all", [problem["id"]])

    def _link(self, partner_id: int, name: str) -> bool:
        """It is the same customer, from an earlier run: link the two."""
        same = self._bookkeeper.search_read(
            "qbo.reference", [("entity", "=", "customer"), ("name", "=", name)], ["id"]
        )
        if len(same) != 1:
            return False
        say(f"bruno links it to {name} in QuickBooks")
        dialog = self._bookkeeper.call("res.partner", "action_qbo_link", [partner_id])
        wizard = self._bookkeeper.create(
            dialog["res_model"],
            {
                "partner_id": partner_id,
                "connection_id": dialog["context"]["default_connection_id"],
                "reference_id": same[0]["id"],
            },
        )
        self._bookkeeper.call(dialog["res_model"], "action_link", [wizard])
        return True
