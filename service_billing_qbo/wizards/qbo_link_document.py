from odoo import api, fields, models


class QboLinkDocument(models.TransientModel):
    """Asks whether a document of QuickBooks is the one of Odoo with its number."""

    _name = "qbo.link.document"
    _description = "Link a QuickBooks Document"

    problem_id = fields.Many2one("qbo.problem", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_documents")
    qbo_currency_id = fields.Many2one("res.currency", compute="_compute_documents")
    odoo_number = fields.Char("Number in Odoo", compute="_compute_documents")
    odoo_customer = fields.Char("Customer in Odoo", compute="_compute_documents")
    odoo_date = fields.Date("Date in Odoo", compute="_compute_documents")
    odoo_total = fields.Monetary("Total in Odoo", compute="_compute_documents")
    qbo_number = fields.Char("Number in QuickBooks", compute="_compute_documents")
    qbo_customer = fields.Char("Customer in QuickBooks", compute="_compute_documents")
    qbo_date = fields.Date("Date in QuickBooks", compute="_compute_documents")
    qbo_total = fields.Monetary(
        "Total in QuickBooks",
        compute="_compute_documents",
        currency_field="qbo_currency_id",
    )
    why_not = fields.Char(compute="_compute_documents")

    @api.depends("problem_id")
    def _compute_documents(self):
        """Compare what was sent with what was found then; nothing is asked now."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        for wizard in self:
            problem = wizard.problem_id
            # The id comes from the browser, the company may be another.
            problem.ensure_one().check_access("read")
            found, export = problem._found(), problem._stopped_export()
            code = (found.get("CurrencyRef") or {}).get("value")
            there = code and currencies.search([("name", "=", code)], limit=1)
            here = export.currency_id or problem.currency_id
            wizard.currency_id = here
            wizard.qbo_currency_id = there or here
            wizard.odoo_number = export.reference
            wizard.odoo_customer = export.partner_id.display_name
            move = self.env["account.move"].browse(export.res_id)
            wizard.odoo_date = export.res_model == move._name and move.invoice_date
            wizard.odoo_total = export.expected_total
            wizard.qbo_number = found.get("DocNumber")
            wizard.qbo_customer = (found.get("CustomerRef") or {}).get("name")
            wizard.qbo_date = found.get("TxnDate")
            wizard.qbo_total = float(found.get("TotalAmt") or 0)
            wizard.why_not = problem._why_not_linked()

    def action_link(self):
        """Link the two: the document counts as exported, nothing is sent."""
        self.problem_id._link_found()
        return {"type": "ir.actions.act_window_close"}
