from odoo import fields, models

from .qbo_item_mixin import MAPPING_READERS


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "qbo.mapping.mixin"]

    _qbo_mapping_kind = "term"
    _qbo_mapping_fields = {"qbo_term_id": "reference_id"}

    qbo_term_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks Term",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("term"),
        groups=MAPPING_READERS,
    )

    def _qbo_term(self, prep):
        """Return the QuickBooks term, noting an unmapped or inactive one.

        Where the company chose "Due date only" an unmapped term goes as the
        explicit due date, and nothing is noted.

        :param mappers.preparation.Preparation prep: notes causes
        :return: ``qbo.reference``, empty when there is none to send
        """
        self.ensure_one()
        row = self.env["qbo.mapping"]._resolve(prep.connection, "term", self)
        if row.reference_id:
            usable = self.env["account.move"]._qbo_is_usable(
                prep, row.reference_id, row
            )
            return row.reference_id if usable else row.reference_id.browse()
        if prep.connection.unmapped_term_policy == "problem":
            prep.stop(
                "unmapped",
                f"term:account.payment.term:{self.id}",
                self.env._(
                    "The term %(term)s has no QuickBooks term.", term=self.display_name
                ),
                todo=self.env._("Choose a QuickBooks term in Account Mapping."),
                res_model=self._name,
                res_id=self.id,
            )
        return row.reference_id.browse()

    def _qbo_days(self):
        """Return the days until all is due, None when it is not counted in days.

        Nor for a discount for early payment: not the days alone make the term.

        :rtype: int | None
        """
        self.ensure_one()
        line = self.line_ids
        is_plain = len(line) == 1 and not self.early_discount
        if is_plain and line.delay_type == "days_after":
            return line.nb_days
        return None
