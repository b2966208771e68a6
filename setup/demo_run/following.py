"""Following what was posted until it is in QuickBooks, and settling what stops it.

A problem that needs a person gets one, who uses what the product offers for it. What
no person of the demo could settle ends the wait; the table then shows it.
"""

from collections.abc import Sequence

from demo_run import sample
from demo_run.api import Api
from demo_run.console import say
from demo_run.wait import TooLate, until

# QuickBooks takes at least so many documents a second, however busy the machine is.
SECONDS_PER_DOCUMENT = 2.0
SECONDS_AT_LEAST = 90.0
ON_THE_WAY = ("not_exported", "waiting", "sending", "retry", "checking")
POLL_S = 0.5


class Follower:
    """Watches documents and customers through the API until all have arrived.

    :param clerk: sees the states and changes customers
    :param bookkeeper: settles problems
    """

    def __init__(self, clerk: Api, bookkeeper: Api, newcomer: int) -> None:
        self._clerk = clerk
        self._bookkeeper = bookkeeper
        self._newcomer = newcomer
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
            "res.partner", [self._newcomer]
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
        """Do what the problem asks for, once; whether a person of the demo knew how."""
        if problem["kind"] != "customer" or problem["res_model"] != "res.partner":
            return False
        if problem["res_id"] == self._newcomer:
            self._create_as(problem, sample.NEW_CUSTOMER.renamed)
            return True
        return self._link(problem)

    def _create_as(self, problem: dict, name: str) -> None:
        """It is somebody else: give it another name in QuickBooks."""
        say(f"clara calls the new one {name} in QuickBooks")
        self._clerk.write("res.partner", [problem["res_id"]], {"qbo_name": name})
        self._bookkeeper.call("qbo.problem", "action_retry_all", [problem["id"]])

    def _link(self, problem: dict) -> bool:
        """It is the customer of an earlier demo in the same company: link the two."""
        partner = self._clerk.read("res.partner", [problem["res_id"]], ["name"])[0]
        same = self._bookkeeper.search_read(
            "qbo.reference",
            [("entity", "=", "customer"), ("name", "=", partner["name"])],
            ["name"],
        )
        if len(same) != 1:
            return False
        say(f"olivia links {partner['name']} to the customer of that name")
        wizard = self._bookkeeper.call(
            "res.partner", "action_qbo_link", [partner["id"]]
        )
        link = self._bookkeeper.create(
            wizard["res_model"],
            {
                "partner_id": partner["id"],
                "connection_id": wizard["context"]["default_connection_id"],
                "reference_id": same[0]["id"],
            },
        )
        self._bookkeeper.call(wizard["res_model"], "action_link", [link])
        return True
