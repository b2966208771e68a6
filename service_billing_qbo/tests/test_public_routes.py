"""Each address that Odoo answers for us: who may use it."""

from odoo import http
from odoo.tests import tagged

from .common import ADMINISTRATOR, BOOKKEEPER, CLERK, ConnectionHttpCase

OURS = "service_billing_qbo"
# By address: what Odoo asks for before we are called.
ROUTES = {
    "/service_billing_qbo/callback": "public",
    "/service_billing_qbo/choose/<int:connection_id>": "user",
    "/service_billing_qbo/confirm/<int:connection_id>": "user",
    "/service_billing_qbo/connect/<int:connection_id>": "user",
    "/service_billing_qbo/disconnected": "public",
    "/service_billing_qbo/launch": "user",
    "/service_billing_qbo/match/<int:connection_id>": "user",
    "/service_billing_qbo/not_right/<int:connection_id>": "user",
    "/service_billing_qbo/reconnect": "user",
    "/service_billing_qbo/webhook": "public",
}
# Of one connection: for its administrators alone.
OF_A_CONNECTION = {
    "choose": "POST",
    "confirm": "POST",
    "connect": "GET",
    "match": "POST",
    "not_right": "POST",
}


@tagged("post_install", "-at_install")
class TestPublicRoutes(ConnectionHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.others = [
            cls.make_user("routes employee"),
            cls.make_user("routes clerk", CLERK),
            cls.make_user("routes auditor", "account.group_account_readonly"),
            cls.make_user("routes bookkeeper", BOOKKEEPER),
            cls.make_user("routes abroad", ADMINISTRATOR, company=elsewhere),
        ]

    def test_every_route_says_who_may_use_it(self):
        """A new one has to be thought about: it has no row, and this fails."""
        found = {
            address: endpoint.routing["auth"]
            for address, endpoint in self.env["ir.http"]._generate_routing_rules(
                [OURS], self.env["ir.http"]._get_converters()
            )
        }
        self.assertEqual(found, ROUTES)

    def test_a_connection_is_there_for_its_administrators_alone(self):
        """Others do not even learn whether there is one."""
        self.walk_through_consent()
        for user in self.others:
            self.sign_in(user)
            for name, method in OF_A_CONNECTION.items():
                with self.subTest(route=name, user=user.login):
                    page = self.open_route(name, method)
                    self.assertEqual(page.status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.company_confirmed)

    def open_route(self, name, method):
        address = f"/service_billing_qbo/{name}/{self.connection.id}"
        if method == "GET":
            return self.url_open(address, allow_redirects=False)
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "decision": "use",
            "company_name": self.connection.company_id.name,
            "confirmed_realm": self.connection.realm_id,
        }
        return self.url_open(address, data=data, allow_redirects=False)
