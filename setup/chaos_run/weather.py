"""QuickBooks' bad days, drawn from the seed.

Each call runs a risk: a risk per second would strike every call of an exporter that
has just been made to wait, and let a busy one pass.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterable

import requests
from bench_run.equipment.emulator_control import EmulatorControl

from chaos_run.beat import Beat

#: Faults of API calls, and how many of a thousand calls each strikes.
FAULTS: tuple[tuple[int, dict], ...] = (
    (25, {"kind": "lost_answer"}),
    (25, {"kind": "reset_after"}),
    (25, {"kind": "error_500_after"}),
    (15, {"kind": "reset_before"}),
    (15, {"kind": "cut_answer"}),
    (15, {"kind": "error_500"}),
    (15, {"kind": "unavailable"}),
    (15, {"kind": "gateway_timeout"}),
    (10, {"kind": "service_unavailable"}),
    (20, {"kind": "slow", "seconds": 3}),
    (10, {"kind": "expired_401"}),
    (10, {"kind": "expired_401_xml"}),
    (20, {"kind": "stale_sync_token"}),
)
#: Faults of the call that renews tokens; each call has one at most. When the answer
#: with a new refresh token is lost, the old one is dead already: nothing could help.
SIGNING_IN: tuple[tuple[int, dict], ...] = (
    (200, {"kind": "refresh_rotates"}),
    (100, {"kind": "lost_answer"}),
    (100, {"kind": "reset_before"}),
    (50, {"kind": "unavailable"}),
)
TOKENS = "tokens"
#: So many such calls are drawn for, more than any run makes.
SIGN_INS = 500
#: The call that a 429 strikes: it costs a pause of a minute, so there is one.
THROTTLED_CALL = (20, 60)
EXPIRY_EVERY_S = 15.0


class Weather(threading.Thread):
    """Faults of chance, and access tokens that lapse, until it clears up.

    :param throttled: whether there is time for a 429 and the minute that it costs
    """

    def __init__(self, address: str, seed: int, *, throttled: bool) -> None:
        super().__init__(name="weather", daemon=True)
        self._control = EmulatorControl(address)
        self._chance = random.Random(f"{seed} weather")
        self._throttled = throttled
        self._beat = Beat(EXPIRY_EVERY_S)
        self.expiries = 0

    def run(self) -> None:
        """Let it begin; then let tokens lapse now and then."""
        self._control.arm(*self._drawn_risks(), *self._drawn_sign_ins())
        if self._chance.random() < 0.5:
            self._control.arm({"kind": "requestid_forgotten"})
        if self._throttled:
            nth = self._chance.randint(*THROTTLED_CALL)
            self._control.arm({"kind": "throttled", "match": {"nth": nth}})
        while self._beat.wait():
            try:
                self._control.expire_tokens("access")
            except requests.RequestException:
                return  # the emulator has ended, so has the run
            self.expiries += 1

    def clear_up(self) -> None:
        """No more bad days."""
        self._beat.stop()
        self.join()
        self._control.clear_faults()

    def _drawn_risks(self) -> list[dict]:
        """The faults of API calls and their chance; the emulator draws, by our seed."""
        return [
            {
                **fault,
                "match": {
                    "probability": thousandths / 1000,
                    "seed": self._chance.randrange(10**6),
                },
            }
            for thousandths, fault in FAULTS
        ]

    def _drawn_sign_ins(self) -> list[dict]:
        """Which call that renews tokens has which fault."""
        of_thousand = [
            fault for thousandths, fault in SIGNING_IN for _one in range(thousandths)
        ]
        drawn = ((nth, self._chance.randrange(1000)) for nth in range(1, SIGN_INS + 1))
        return [
            {**of_thousand[number], "match": {"path": TOKENS, "nth": nth}}
            for nth, number in drawn
            if number < len(of_thousand)
        ]


def struck(requests_of_run: Iterable[dict]) -> Counter[str]:
    """How often each kind struck, from the emulator's log."""
    return Counter(
        kind
        for request in requests_of_run
        if request["fault"]
        for kind in request["fault"].split(",")
    )
