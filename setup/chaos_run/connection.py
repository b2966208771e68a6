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
STATE = "SELECT state FROM qbo_connection WHERE id = %s"


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
        self.lost = 0

    def run(self) -> None:
        """Look every second."""
        while self.beat.wait():
            if self._state() in ("connected", None):
                continue
            if not self._revoked:
                self.lost += 1
            self._revoked = False
            self._connect_again()

    def revoke(self) -> None:
        """Somebody disconnects the app in QuickBooks."""
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

    def _state(self) -> str | None:
        """The connection's state; None while PostgreSQL is away."""
        try:
            with closing(psycopg2.connect(dbname=self._shop.database)) as session:
                with session.cursor() as cursor:
                    cursor.execute(STATE, (self._shop.connection.id,))
                    return cursor.fetchone()[0]
        except psycopg2.OperationalError:
            return None

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
