"""The catalogue of documents: what a bookkeeper asks "does this one arrive right?" of.

Each entry says in a bookkeeper's words what was invoiced, in which kind of company,
and what QuickBooks has to get: a total and a tax, or the reason for which it is
stopped. The runner makes the document in Odoo; nothing here knows QuickBooks' JSON but
for the members that some entries look at.
"""

from collections import Counter

from . import dimensions, lines, money, united_states, world
from .words import Document, Line

__all__ = ["CATALOGUE", "Document", "Line", "table"]

CATALOGUE = (
    *lines.DOCUMENTS,
    *united_states.DOCUMENTS,
    *world.DOCUMENTS,
    *money.DOCUMENTS,
    *dimensions.DOCUMENTS,
)


def table(documents=CATALOGUE):
    """Return lines of text: how many documents of each feature arrive or are stopped.

    :rtype: list[str]
    """
    rows = Counter((one.feature, one.kind) for one in documents)
    stopped = Counter((one.feature, one.kind) for one in documents if one.stopped)
    found = [f"{'feature':<22} {'company':<18} {'arrive':>6} {'stopped':>7}"]
    for feature, kind in rows:
        arrive = rows[feature, kind] - stopped[feature, kind]
        found.append(
            f"{feature:<22} {kind:<18} {arrive:>6} {stopped[feature, kind]:>7}"
        )
    return [*found, f"{len(documents)} documents"]
