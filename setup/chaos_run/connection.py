"""The connection is watched; when it is gone, an administrator connects again."""

import threading
from contextlib import closing

import psycopg2
import requests
from bench_run.equipment.emulator_control import EmulatorControl
from demo_run import connecting
from demo_run.browser import Browser
from demo_run.console import say
from demo_run.failure import DemoFailure
from demo_run.shop import Shop

from chaos_run.beat import Beat

LOOK_EVERY_S = 1.0
STATE = "SELECT state, state_reason FROM qbo_connection WHERE id = %s"


class Watchman(threading.Thread):
    """Looks whether the connection stands, and has it made again when it does not.

    One loss is made on purpose (somebody disconnects the app in QuickBooks); every
    other one is a fault of ours.
    """

    def __init__(self, shop: Shop, address: str) -> None:
        super().__init__(name="watchman", daemon=True)
        self._shop = shop
        self._control = EmulatorControl(address)
        self._revoked = False
        self.beat = Beat(LOOK_EVERY_S)
        self.revocations = 0
        self.losses: list[str] = []

    def run(self) -> None:
        """Look every second."""
        while self.beat.wait():
            state, reason = self._look()
            if state in ("connected", None):
                continue
            if not self._revoked:
                self.losses.append(f"{state}: {reason}")
            self._revoked = False
            self._connect_again()

    def revoke(self) -> None:
        """Somebody disconnects the app in QuickBooks.

        Later, where the connection is just being made again: that would undo it.
        """
        if self._state() != "connected":
            return
        self._revoked = True
        self.revocations += 1
        self._control.disconnect(self._shop.connection.realm_id)

    def stop(self) -> None:
        """No more."""
        self.beat.stop()
        self.join()

    @property
    def stands(self) -> bool:
        """Whether the connection is there, and no loss of it is still to be noticed."""
        return self._state() == "connected" and not self._revoked

    @property
    def all_losses(self) -> list[str]:
        """Each loss that nobody wanted, with its reason; of the last one, too."""
        state, reason = self._look()
        last = [] if self.stands else [f"at the end {state}: {reason}"]
        return self.losses + last

    def _state(self) -> str | None:
        return self._look()[0]

    def _look(self) -> tuple[str | None, str]:
        """The connection's state and why; None while PostgreSQL is away."""
        try:
            with closing(psycopg2.connect(dbname=self._shop.database)) as session:
                with session.cursor() as cursor:
                    cursor.execute(STATE, (self._shop.connection.id,))
                    state, reason = cursor.fetchone()
                    return state, reason or ""
        except psycopg2.OperationalError:
            return None, ""

    def _connect_again(self) -> None:
        """The administrator presses Connect, until it has worked."""
        connection = self._shop.connection
        while self._state() != "connected" and self.beat.wait():
            try:
                connecting.authorize(
                    self._browser(),
                    connecting.start_path(connection.id),
                    connection.realm_id,
                )
            except (DemoFailure, requests.RequestException) as failure:
                say(f"connecting again: {failure}")

    def _browser(self) -> Browser:
        browser = Browser(self._shop.server.url, self._shop.database)
        browser.log_in(self._shop.olivia.login, self._shop.password)
        return browser
