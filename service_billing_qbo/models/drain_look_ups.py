import logging
import time
from collections.abc import Callable, Container
from dataclasses import replace
from functools import partial

import psycopg2

from odoo.tools import split_every

from ..engine import backoff
from ..engine.judging import (
    Judgement,
    Verdict,
    is_of_content,
    judge_error,
    judge_outcome,
)
from ..engine.naming import NOTHING_THERE, named_references
from ..engine.outgoing import Batch, Outcome
from ..engine.sending import Courier
from ..quickbooks import jsonmoney
from ..quickbooks.errors import (
    AuthenticationFailed,
    QuickBooksError,
    Refused,
    Throttled,
    Unavailable,
)
from .error_words import words_of
from .qbo_change_follow import QUERY_IDS
from .qbo_exceptions import CONFLICTS

_logger = logging.getLogger(__name__)

#: PostgreSQL is gone: nothing can be recorded, and the realm's lock is lost with it.
BROKEN_DATABASE = (psycopg2.OperationalError, psycopg2.InterfaceError)
#: QuickBooks answered, and not what was asked. That may concern these look-ups only:
#: whoever has used up a month's reads can still create.
NOT_TOLD = (Refused, Throttled, Unavailable)
#: How long a pass may look for better words of refusals, and how many metered reads
#: that may cost: QuickBooks may refuse a thousand documents for one and the same entry.
BETTER_WORDS_S = 20.0
BETTER_WORDS_READS = 10


class LookUps:
    """The steps of a drain pass for what QuickBooks may have executed already.

    Whatever a look-up meets, it keeps neither its neighbours nor what is to be sent
    from going for long.
    """

    def __init__(self) -> None:
        # Of what refused calls name, by entity: what was read in this pass.
        self.looked_at: dict[str, set[str]] = {}
        self.better_words_s = BETTER_WORDS_S
        self.better_words_reads = BETTER_WORDS_READS

    def _settle_due(self, hands: Courier) -> list[Batch]:
        """Look up what is due to be looked up; return what must be sent again."""
        return self._settle(hands, self._transaction(self._due_look_ups))

    def _due_look_ups(self) -> list[dict]:
        if self._is_barred():
            return []
        return self.exports._unsettled_rows(self.connection, self.only_ids)

    def _settle(self, hands: Courier, rows: list[dict]) -> list[Batch]:
        """Settle rows together; by itself each when one of them makes it fail."""
        if self.stopped or not rows:
            return []
        try:
            return self._settle_together(rows)
        except BROKEN_DATABASE:
            raise
        except AuthenticationFailed:
            self._renew(hands)  # or stop
            return self._settle(hands, rows)
        except QuickBooksError as error:
            if not is_of_content(error):
                self._put_off_look_ups(rows, error)
                return []
            judged = judge_error(error)
            stop_one = partial(
                self.exports._stop_look_up, self.connection, rows[0], judged
            )
        except Exception:
            # One row that cannot be looked up: each is tried by itself below.
            self.env.cr.rollback()
            ids = [row["id"] for row in rows]
            _logger.exception("Looking up exports %s failed", ids)
            stop_one = partial(self._put_aside, rows[0]["id"], is_sent=True)
        if len(rows) == 1:
            self._transaction(stop_one)
            return []
        return [batch for row in rows for batch in self._settle(hands, [row])]

    def _settle_together(self, rows: list[dict]) -> list[Batch]:
        qbo_ids = self._transaction(
            lambda: self.exports._bound_ids(self.connection, rows)
        )
        reads = self.client.metered_reads
        findings = self.exports._look_up(self.connection, self.client, rows, qbo_ids)
        if self.client.metered_reads > reads:
            self._note_success()

        def settle() -> list[Batch]:
            # The look-up took its time, and who pauses or disconnects meanwhile is told
            # that nothing is sent: these are looked up again when sending goes on.
            if self._is_barred():
                return []
            return self.exports._settle(self.connection, rows, findings)

        return self._transaction(settle)

    def _record_in_turn(self, outcome: Outcome) -> list[Judgement]:
        """Record what came back; last what QuickBooks is asked about before.

        What is exported must not wait for that, nor be lost with it.
        """
        judgements = judge_outcome(outcome)
        refusals = {
            export_id: judgement
            for export_id, judgement in judgements.items()
            if judgement.verdict is Verdict.PERSON
        }
        gone_ids = {id_ for id_, one in refusals.items() if one.code in NOTHING_THERE}
        closed_ids = {
            id_ for id_, one in refusals.items() if one.problem_kind == "closed"
        }
        if not gone_ids and not closed_ids:
            return self._record(outcome)
        recorded = []
        if rest := _part_of(outcome, judgements.keys() - gone_ids - closed_ids):
            recorded += self._record(rest)
        if gone := _part_of(outcome, gone_ids):
            self._look_for_words(lambda: self._take_what_is_gone(gone))
        if closed_ids:
            self._look_for_words(self._take_closing_date)
        return recorded + self._record(_part_of(outcome, gone_ids | closed_ids))

    def _look_for_words(self, look: Callable[[], None]) -> None:
        """Find out what people must know of a refusal beside Intuit's words.

        Intuit says only that something is inactive or deleted, or that the books are
        closed. Read as it is now, what the call names can be named to people, too, and
        the date; where it cannot be read, Intuit's words have to do.
        """
        try:
            look()
        except (*CONFLICTS, QuickBooksError) as error:
            _logger.info("Looking for what a refusal means: %s", error)
        except BROKEN_DATABASE:
            raise
        except Exception:
            # Better words only: without them the refusal is recorded all the same.
            self.env.cr.rollback()
            _logger.exception("Looking for what a refusal means failed")

    def _take_closing_date(self) -> None:
        """Read until when the books are closed, once a pass: one metered read."""
        if self.asked_closing_date:
            return
        self.asked_closing_date = True
        # None is open while QuickBooks is read.
        self._transaction(lambda: None)
        preferences = self.client.preferences()
        self._transaction(partial(self._keep_preferences, preferences))

    def _keep_preferences(self, preferences: dict) -> None:
        # As in _take_named: by now the connection may be of another company.
        if self.connection.realm_id == self.client.realm_id:
            self.connection.preferences_text = jsonmoney.dumps(preferences)

    def _take_what_is_gone(self, refused: Outcome) -> None:
        texts = [call.payload_text for call in refused.batch.calls]
        # None is open while QuickBooks is read: what it is compared with would be old.
        self._transaction(lambda: None)
        for entity, qbo_ids in named_references(texts).items():
            known = self.looked_at.setdefault(entity, set())
            unknown = [qbo_id for qbo_id in qbo_ids if qbo_id not in known]
            for some in split_every(QUERY_IDS, unknown, list):
                if self.better_words_reads < 1 or self.better_words_s <= 0:
                    return
                # Also where it fails: it would fail for the next batch as well.
                known.update(some)
                rows = self._read_named(entity, some)
                self._transaction(partial(self._take_named, {entity: rows}))

    def _read_named(self, entity: str, qbo_ids: list[str]) -> list[dict]:
        """Read entries by Id, at the cost of what this pass may spend on it."""
        self.better_words_reads -= 1
        began = time.monotonic()
        try:
            return self.connection._rows_by_ids(self.client, entity, qbo_ids)
        finally:
            self.better_words_s -= time.monotonic() - began

    def _take_named(self, rows_by_entity: dict[str, list[dict]]) -> None:
        # Reading took its time: by now the connection may be of another company, where
        # the same Ids are other entries.
        if self.connection.realm_id == self.client.realm_id:
            self.env["qbo.reference"]._take_lists(self.connection, rows_by_entity)

    def _put_off_look_ups(self, rows: list[dict], error: QuickBooksError) -> None:
        """Stop for now; what is to be sent goes before these are asked for again."""
        if isinstance(error, NOT_TOLD):
            # What is broken is soon mended; what is refused may stay so for a month.
            pace = backoff.REALM if isinstance(error, Unavailable) else backoff.ROW
            self._transaction(
                lambda: self.exports._put_off_look_ups(
                    rows, words_of(self.env, error), pace
                )
            )
        self._stop_for_error(error, self.client)


def _part_of(outcome: Outcome, export_ids: Container[int]) -> Outcome | None:
    """Return the same outcome for some of its calls; None for none of them."""
    calls = tuple(call for call in outcome.batch.calls if call.export_id in export_ids)
    if not calls:
        return None
    return replace(outcome, batch=replace(outcome.batch, calls=calls))
