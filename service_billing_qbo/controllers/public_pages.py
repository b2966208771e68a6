from odoo import http
from odoo.http import request

CONFIGURATION = "/odoo/action-service_billing_qbo.qbo_connection_action_configuration"


class PublicPagesController(http.Controller):
    """Addresses that Intuit's portal asks for; they trust and reveal nothing."""

    @http.route(
        "/service_billing_qbo/disconnected",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def disconnected(self, **_others):
        """Somebody removed the app in QuickBooks, or says so: find out by trying."""
        request.env["qbo.connection"].sudo()._check_soon()
        return request.render("service_billing_qbo.page_removed_in_quickbooks")

    @http.route(
        ["/service_billing_qbo/reconnect", "/service_billing_qbo/launch"],
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def launch(self, **_others):
        """After signing in: the configuration of the user's company."""
        return request.redirect(CONFIGURATION, 303)
