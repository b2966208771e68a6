from ..engine.judging import Judgement, is_of_content, judge_error
from ..engine.outgoing import DeliveryFault, Outcome
from ..engine.sending import Courier
from ..quickbooks import VaultError
from ..quickbooks.client import QuickBooksClient
from ..quickbooks.errors import NotAuthorized, QuickBooksError
from ..quickbooks.faults import Outcome as Decision
from .qbo_exceptions import NotConnected

#: Decisions that concern the whole realm: nothing more is sent in this pass.
REALM_DECISIONS = (Decision.RECONNECT, Decision.PAUSE)
#: What a company that QuickBooks has closed for now is left alone for.
PAUSE_S = 900


class Verdicts:
    """The steps of a drain pass after an answer that concerns the whole realm."""

    def _act(
        self, hands: Courier, outcome: Outcome, judgements: list[Judgement]
    ) -> None:
        decisions = {judgement.decision for judgement in judgements}
        if Decision.REFRESH in decisions:
            # Of several batches in flight each is refused; one renewal is for all.
            if outcome.client is self.client:
                self._renew(hands)
        elif isinstance(outcome.error, DeliveryFault):
            return  # of these calls alone; QuickBooks has nothing to do with it
        elif outcome.error is not None and not is_refused_whole(outcome):
            self._stop_for_error(outcome.error, outcome.client)
        elif stop := next(
            (j for j in judgements if j.decision in REALM_DECISIONS), None
        ):
            self._stop_for_judgement(stop, outcome.client)
        else:
            self._note_success()

    def _note_success(self) -> None:
        """QuickBooks answered: what it could not be told before goes at full speed."""
        if self.held and not self.stopped:
            self.held = False
            self._transaction(self.env["qbo.drain"]._of(self.connection)._succeeded)

    def _renew(self, hands: Courier) -> None:
        """The token was refused: sign in anew, once a pass."""
        if self.renewed:
            text = self.env._(
                "QuickBooks does not accept a token that it has just given."
            )
            self._hold(text)
            return
        self.renewed = True
        try:
            hands.client = self.client = self.connection._client(
                self.recorder, refused=self.client
            )
        except (NotConnected, VaultError) as error:
            self._stop_signed_out(str(error))
        except QuickBooksError as error:
            self._stop_for_error(error)

    def _stop_signed_out(self, reason: str) -> None:
        """Nobody can sign in now; mostly the connection says so and its rows wait.

        Where it still counts as connected, the lane would be called again at once and
        for ever: the realm is left alone for a while.
        """
        # What the sign-in wrote in a cursor of its own is newer than our snapshot.
        self._transaction(lambda: None)
        self.connection.invalidate_recordset(flush=False)
        if self._transaction(lambda: self.connection.state) == "connected":
            self._hold(reason)
        self.stopped = True

    def _stop_for_error(
        self, error: QuickBooksError, client: QuickBooksClient | None = None
    ) -> None:
        self._stop_for_judgement(judge_error(error), client, error.retry_after_s)

    def _stop_for_judgement(
        self,
        judgement: Judgement,
        client: QuickBooksClient | None,
        delay_s: float | None = None,
    ) -> None:
        """Send nothing more to this realm for now, and note why.

        :param client: whose call was answered so; None where signing in failed
        """
        if judgement.decision is Decision.RECONNECT:
            if client is None:
                self._stop_signed_out(judgement.text)
                return
            self.stopped = True
            # Perhaps for a while only: the rights of a person, a feature of the plan.
            reason = self.connection._reason_of(NotAuthorized(judgement.text))
            self.connection._connection_lost(reason, False, client)
            return
        if judgement.decision is Decision.PAUSE:
            delay_s = PAUSE_S
        self._hold(judgement.text, delay_s)

    def _hold(self, reason: str, delay_s: float | None = None) -> None:
        """Leave the realm alone; what else is in flight fails for the same reason."""
        drain = self.env["qbo.drain"]._of(self.connection)
        if self.stopped and drain.resume_at:
            self._transaction(lambda: drain._put_off_rows(drain.resume_at))
            return
        self.stopped = self.held = True
        self._transaction(lambda: drain._hold(reason, delay_s))


def is_refused_whole(outcome: Outcome) -> bool:
    """Whether QuickBooks took no call of a batch because of what is in it."""
    return outcome.error is not None and is_of_content(outcome.error)
