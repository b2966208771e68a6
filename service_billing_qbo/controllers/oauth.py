import logging
import time
from contextlib import ExitStack

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.qbo_connection_oauth import AttemptRefused
from ..models.qbo_connection_refresh import REFRESH_PATIENCE_S
from ..models.qbo_exceptions import CONFLICTS, TakesLonger
from ..models.qbo_reference_content import MAPPING_LISTS, PEOPLE_LISTS
from ..quickbooks import ClientRefused, GrantRefused, QuickBooksError, VaultError

_logger = logging.getLogger(__name__)

ADMINISTRATORS = "service_billing_qbo.group_administrator"
MATCH = "/odoo/action-service_billing_qbo.qbo_match_action_open"
NOT_NOW = (QuickBooksError, VaultError, UserError, TakesLonger, *CONFLICTS)
SESSION_KEY = "service_billing_qbo_nonce"
# OAuth's words for what went wrong are short (RFC 6749, 4.1.2.1).
ERROR_LENGTH = 80
PAGE_HEADERS = {
    # The address of the callback holds a code, and the page names companies.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class OAuthController(http.Controller):
    """The way to Intuit's consent page and back, in the browser of an administrator."""

    @http.route(
        "/service_billing_qbo/connect/<int:connection_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def connect(self, connection_id):
        """Send the browser to Intuit."""
        connection = self._connection(connection_id)
        try:
            address, nonce = connection._begin_attempt(request.env.user)
        except (QuickBooksError, VaultError) as error:
            kind, values = self._failure(connection, error)
            return self._page(kind, connection, **values)
        except UserError as error:
            return self._page("cannot_start", connection, message=str(error))
        request.session[SESSION_KEY] = nonce
        return request.redirect(address, code=303, local=False)

    @http.route(
        "/service_billing_qbo/callback",
        type="http",
        # A browser that is signed out must not carry the code to the login page.
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def callback(self, state="", code="", realmId="", error="", **_others):
        """Take Intuit's answer."""
        try:
            connection = self._claimed_connection(state)
        except AttemptRefused as refusal:
            _logger.info("An answer of Intuit's page was refused: %s", refusal)
            return self._page("expired")
        if error or not code:
            connection._end_attempt()
            if error == "access_denied":
                return self._page("cancelled", connection)
            _logger.info("Connection %s: Intuit answered %r", connection.id, error)
            return self._page("not_authorized", connection, error=error[:ERROR_LENGTH])
        kind, values = self._exchange(connection, code, realmId)
        if kind == "connected":
            self._retrieve_mapping_lists(connection)
        elif kind != "wrong_company":
            connection._end_attempt()
        return self._page(kind, connection, **values)

    @http.route(
        "/service_billing_qbo/choose/<int:connection_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def question(self, connection_id, **_others):
        """Ask again which company it shall be, when the window was closed."""
        connection = self._connection(connection_id)
        pending = connection._pending_values()
        if pending is None:
            return self._page("expired")
        return self._page("wrong_company", connection, **pending)

    @http.route(
        "/service_billing_qbo/choose/<int:connection_id>",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def choose(self, connection_id, decision="", company_name="", **_others):
        """Another company was authorized: go back to the known one, or start anew."""
        connection = self._connection(connection_id)
        known = connection.qbo_company_name
        if decision != "use":
            connection._drop_pending(revoke=True)
            return request.redirect(
                f"/service_billing_qbo/connect/{connection_id}", 303
            )
        pending = connection._pending_values()
        if pending is None:
            return self._page("expired", connection)
        if company_name.strip() != connection.company_id.name:
            return self._page("wrong_company", connection, name_refused=True, **pending)
        if not connection._use_other_company():
            return self._page("expired", connection)
        self._retrieve_mapping_lists(connection)
        return self._page("connected", connection, replaced=known)

    @http.route(
        "/service_billing_qbo/not_right/<int:connection_id>",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def not_right(self, connection_id, **_others):
        """The person looked at the company and it is the wrong one."""
        connection = self._connection(connection_id)
        confirmed = connection._disconnect()
        connection._forget_unused_realm()
        return self._page("disconnected", connection, confirmed=confirmed)

    @http.route(
        "/service_billing_qbo/confirm/<int:connection_id>",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def confirm(self, connection_id, confirmed_realm="", **_others):
        """The person looked at the company and it is the right one: exports may go."""
        connection = self._connection(connection_id)
        if not connection._confirm_company(confirmed_realm):
            return self._page("expired", connection)
        return self._page("confirmed", connection)

    @http.route(
        "/service_billing_qbo/match/<int:connection_id>",
        type="http",
        auth="user",
        methods=["POST"],
        sitemap=False,
    )
    def match(self, connection_id, **_others):
        """Before the company is confirmed: match its customers with ours."""
        connection = self._connection(connection_id)
        if connection.state == "connected" and not connection.people_checked_at:
            self._retrieve(connection, PEOPLE_LISTS)
        return request.redirect(MATCH, 303)

    # -- steps ------------------------------------------------------------------

    def _exchange(self, connection, code: str, realm_id: str) -> tuple[str, dict]:
        """Return the page that tells how the authorization ended, and what fills it."""
        try:
            outcome = connection._connect_with_code(code, realm_id)
        except (GrantRefused, AttemptRefused) as error:
            _logger.info("Connection %s was not made: %s", connection.id, error)
            return "expired", {}
        except (QuickBooksError, VaultError) as error:
            return self._failure(connection, error)
        except UserError as error:
            return "cannot_start", {"message": str(error)}
        return outcome.kind, outcome.values

    def _failure(self, connection, error: Exception) -> tuple[str, dict]:
        """Return the page that tells why no connection was made, and what fills it."""
        _logger.info("Connection %s was not made: %s", connection.id, error)
        if isinstance(error, ClientRefused):
            return "wrong_keys", {}
        if isinstance(error, VaultError):
            words = connection._keys_unreadable_words()
            return "cannot_start", {"message": " ".join(words)}
        if connection._is_silence(error):
            return "no_answer", {}
        found, todo = connection._words_for_failed_sign_in(error)
        return "refused", {"found": found, "todo": todo}

    def _retrieve_mapping_lists(self, connection) -> None:
        """Have what mapping needs at once; housekeeping brings the rest, or all.

        Also when somebody changes the connection in this moment: Odoo would repeat the
        whole request, and the code in it works once.
        """
        self._retrieve(connection, MAPPING_LISTS)
        try:
            connection._in_own_env(
                lambda row: row._housekeeping_at(fields.Datetime.now())
            )
        except CONFLICTS as error:
            # It is asked for already, some minutes later (see _adopt_pending).
            _logger.info("Lists of connection %s: %r", connection.id, error)

    def _retrieve(self, connection, entities) -> None:
        """Have lists at once, as far as somebody waits for them."""
        until = time.monotonic() + REFRESH_PATIENCE_S
        try:
            connection._retrieve_lists(entities, until)
        except NOT_NOW as error:
            _logger.info("Lists of connection %s: %r", connection.id, error)

    def _claimed_connection(self, state: str):
        """Return the connection whose attempt this answer ends, as superuser.

        :raises AttemptRefused: expired, used, of another user or browser, not ours
        """
        payload = request.env["qbo.connection"]._read_attempt(state)
        nonce = request.session.get(SESSION_KEY)
        if request.env.uid != payload["uid"] or nonce != payload["nonce"]:
            # Perhaps of an older window: the attempt begun last stays good.
            raise AttemptRefused("of another user, browser or attempt")
        request.session.pop(SESSION_KEY)
        connection = (
            request.env["qbo.connection"].sudo().browse(payload["connection_id"])
        )
        if not self._is_allowed(connection.exists()):
            raise AttemptRefused("the user may not connect this company")
        if connection.company_id.id != payload["company_id"]:
            raise AttemptRefused("of another company")
        connection._claim_attempt(nonce)
        return connection

    def _connection(self, connection_id: int):
        """Return a connection as superuser, if the user may connect it.

        :raises NotFound: there is none, or it is none of the user's business
        """
        connection = request.env["qbo.connection"].sudo().browse(connection_id).exists()
        if not self._is_allowed(connection):
            raise request.not_found()
        return connection

    def _is_allowed(self, connection) -> bool:
        user = request.env.user
        return bool(
            connection
            and user.has_group(ADMINISTRATORS)
            and connection.company_id in user.company_ids
        )

    def _page(self, kind: str, connection=None, **values):
        """Answer with a page that shows what this request's own cursors committed.

        The request's snapshot (REPEATABLE READ, odoo/sql_db.py) is older than they are,
        so the page is rendered at once, over a cursor of its own.
        """
        with ExitStack() as cursors:
            if connection:
                env = cursors.enter_context(connection._own_env())
                connection = connection.with_env(env)
            response = request.render(
                f"service_billing_qbo.page_{kind}",
                {"connection": connection, "kind": kind, **values},
            )
            response.flatten()
        response.headers.update(PAGE_HEADERS)
        return response
