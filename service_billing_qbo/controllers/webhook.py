import logging

from odoo import http
from odoo.http import request

from ..models.qbo_app import ENVIRONMENTS
from ..quickbooks import VaultError
from ..quickbooks.webhooks import (
    MAX_BYTES,
    SIGNATURE_HEADER,
    is_signed,
    parse_events,
)

_logger = logging.getLogger(__name__)

WEBHOOK = "/service_billing_qbo/webhook"


class WebhookController(http.Controller):
    """Where Intuit tells what changed in QuickBooks.

    Intuit wants 200 within 3 seconds: events are stored, a scheduled action reads what
    became of the documents. Nothing of a body is believed, parsed or logged before its
    signature was found right, and the answer tells nobody which companies are ours.
    """

    @http.route(
        WEBHOOK,
        # Raw bytes: the signature is over them, and a framework that takes nothing but
        # application/json refuses Intuit's application/cloudevents+json.
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
        max_content_length=MAX_BYTES,
    )
    def webhook(self, **_others):
        """Take a notification: 200, or 403 when nobody of ours has signed it."""
        body = request.httprequest.get_data()
        signature = request.httprequest.headers.get(SIGNATURE_HEADER, "")
        environments = self._signed_environments(body, signature)
        if not environments:
            # Anybody can cause it, as often as he likes: no warning.
            _logger.info("A notification without a right signature was refused")
            return request.make_response("", status=403)
        try:
            events = parse_events(body)
        except ValueError:
            # Sent again it would be no better.
            _logger.warning("A notification of Intuit could not be read")
            events = []
        request.env["qbo.change"].sudo()._receive(events, environments)
        return request.make_response("", status=200)

    def _signed_environments(self, body: bytes, signature: str) -> list[str]:
        """Return the environments whose verifier token signed this body."""
        apps = request.env["qbo.app"].sudo()
        found = []
        for environment, _label in ENVIRONMENTS:
            try:
                token = apps._verifier_token(environment)
            except VaultError as error:
                _logger.error("The webhook verifier token cannot be read: %s", error)
                continue
            if is_signed(body, signature, token or ""):
                found.append(environment)
        return found
