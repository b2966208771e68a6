"""What an edit costs whoever makes it: counted in queries."""

from .engine_common import EngineCase


class BudgetCase(EngineCase):
    """Most records have nothing to do with QuickBooks, or are there already."""

    def queries(self, write, edits):
        """How many queries the last edit costs; what any edit has cached is cached."""
        count = 0
        for vals in edits:
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            write(vals)
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        return count

    def assert_is_cheap(self, record, part, *edits):
        """Find one query more than Odoo needs by itself for the last of these edits.

        :param part: the class of ours that has something to do when it is written
        :param edits: what is written, one after the other
        """
        # As Odoo does it by itself: what comes after our part of the class.
        classes = type(record).mro()
        odoo = classes[classes.index(part) + 1 :]
        write = next(vars(other)["write"] for other in odoo if "write" in vars(other))
        alone = self.queries(lambda vals: write(record, vals), edits)
        ours = self.queries(record.write, edits)
        self.assertLessEqual(ours - alone, 1)
