"""How Odoo learns what people do in QuickBooks, and brings its links up to it."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import split_every

from ..mappers.remote import DELETED
from ..quickbooks import CDC_MAX_OBJECTS, QuickBooksClient, Refused, query
from .qbo_binding import DOCUMENT_ENTITIES
from .qbo_reference import NO_SUCH_LIST_CODES
from .qbo_reference_content import NAME_LISTS
from .turns import take_turns

_logger = logging.getLogger(__name__)

#: How often QuickBooks is asked what changed, beside its notifications: one metered
#: read. A minute less than the hour of the scheduled action.
LOOK_EVERY = timedelta(minutes=59)
#: Changes are asked for from a bit before what is known: clocks differ, and Intuit
#: needs a moment until it tells of a change.
OVERLAP = timedelta(minutes=10)
#: Intuit tells of changes of 30 days (Change data capture); with room for clocks.
LOOK_BACK = timedelta(days=29)
#: What it does not tell of (Change data capture): read once a day with all lists.
NOT_TOLD = ("tax_code", "tax_rate")
LISTS = {
    name_list.entity: key
    for key, name_list in NAME_LISTS.items()
    if key not in NOT_TOLD
}
FOLLOWED = (*DOCUMENT_ENTITIES, *LISTS)
BY_EVENT = {entity.lower(): entity for entity in FOLLOWED}
#: Events after which the facts of the company are read anew.
FACTS = ("preferences", "companyinfo")
#: Ids that one query asks for, and events that one pass takes.
QUERY_IDS, PASS_EVENTS = 200, 2000
#: Our own export of a document comes back as an event of the same moment.
ECHO = timedelta(seconds=5)
#: When to look again at a document that is being exported in this moment.
AGAIN = timedelta(minutes=1)
ATTEMPTS = 3

#: Where the reading of a kind begins, see ``_read_part``.
FROM_THE_BEGINNING = {"after_id": 0, "start": 0}

#: Rows of QuickBooks by entity.
Rows = dict[str, list[dict]]
#: What is left to be read of a time in which nothing was followed.
Gap = dict[str, str | int | list[str]]


class QboConnection(models.Model):
    """Odoo follows what people do in QuickBooks.

    Two sources: notifications (free, at once, never sure to come) name what changed and
    it is read, as far as it concerns us; and once an hour change data capture (one
    metered read) tells everything since the last time, deletions included. Both end in
    :meth:`_take_changes`, which compares and never blindly believes: neither order nor
    repetition matters.
    """

    _inherit = "qbo.connection"

    @api.model
    def _cron_follow_changes(self) -> None:
        """Follow every connected company, one after the other."""
        connections = self.search(
            [("accounting_vendor", "=", "quickbooks"), ("state", "=", "connected")]
        )
        states = self.env["qbo.change.state"]
        take_turns(
            states._rows_of(connections),
            "Changes",
            lambda row: row.connection_id._in_words_of_company()._follow_changes(),
            has_news=lambda row: row._has_news(),
        )

    def _follow_changes(self) -> bool:
        """Look at what was told, and ask what else there is when that is due.

        :return: whether it has to go on in another turn
        :raises NotConnected, QuickBooksError, VaultError, ListsBusy: as they come;
            nothing is lost, the next turn begins where this one ended
        """
        self.ensure_one()
        self._follow_events()
        known_until = self.env["qbo.change.state"]._known_until(self)
        if not known_until or known_until < fields.Datetime.now() - LOOK_EVERY:
            return self._follow_all(known_until)
        return False

    # -- what notifications told --------------------------------------------------

    def _follow_events(self) -> None:
        with self._own_env() as env:
            events = env["qbo.change"].search_read(
                [("connection_id", "=", self.id), ("realm_id", "=", self.realm_id)],
                ["entity", "qbo_id", "deleted", "changed_at", "revision"],
                limit=PASS_EVENTS,
            )
            is_all = len(events) < PASS_EVENTS
            events, later = self.with_env(env)._sort_events(events)
        if any(event["entity"] in FACTS for event in events):
            self._read_facts("follow changes")
        wanted, gone = self._wanted(events)
        for entity, qbo_ids in wanted.items():
            for some in split_every(QUERY_IDS, qbo_ids, list):
                try:
                    rows = self._read_by_ids(entity, some)
                except Refused as error:
                    # It would be refused for ever, and hold up all others; what
                    # changed comes within the hour by the other way.
                    _logger.warning("Changes of %s cannot be read: %s", entity, error)
                    continue
                self._take_changes({entity: rows})
        self._take_changes(gone)
        with self._own_env() as env:
            env["qbo.change"]._settle(
                {event["id"]: event["revision"] for event in events}
            )
            if not is_all and events:
                env["qbo.change"]._look_soon()
            elif later:
                env["qbo.change"]._look_soon(fields.Datetime.now() + AGAIN)

    def _sort_events(self, events: list[dict]) -> tuple[list[dict], bool]:
        """Return the events to settle now, each marked whether it is to be read.

        :return: the events, and whether others wait for the end of an export
        """
        Bindings = self.env["qbo.binding"].sudo()
        settled = []
        by_entity: dict[str, list[dict]] = {}
        for event in events:
            by_entity.setdefault(event["entity"], []).append(event)
        for name, own in by_entity.items():
            entity = BY_EVENT.get(name)
            bindings = Bindings._of_remote(
                self, entity, [event["qbo_id"] for event in own]
            )
            busy_ids = set(bindings._under_way().mapped("qbo_id"))
            bound = bindings.grouped("qbo_id")
            for event in own:
                if event["qbo_id"] in busy_ids:
                    continue
                links = bound.get(event["qbo_id"], Bindings)
                concerns = links or entity in LISTS
                event["wanted"] = bool(concerns) and not _is_echo(event, links)
                settled.append(event)
        return settled, len(settled) < len(events)

    def _wanted(self, events: list[dict]) -> tuple[dict[str, list[str]], Rows]:
        """Return the Ids to read by entity, and what needs no reading: it is gone."""
        wanted: dict[str, list[str]] = {}
        gone: Rows = {}
        for event in events:
            entity = BY_EVENT.get(event["entity"])
            if not entity or not event["wanted"]:
                continue
            if event["deleted"]:
                gone.setdefault(entity, []).append(_gone(event["qbo_id"]))
            else:
                wanted.setdefault(entity, []).append(event["qbo_id"])
        return wanted, gone

    def _read_by_ids(self, entity: str, qbo_ids: list[str]) -> list[dict]:
        """Read up to ``QUERY_IDS`` entities, one metered read; what is gone is told
        as deleted."""
        return self._with_client(
            lambda client: self._rows_by_ids(client, entity, qbo_ids), "follow changes"
        )

    @api.model
    def _rows_by_ids(
        self, client: QuickBooksClient, entity: str, qbo_ids: list[str]
    ) -> list[dict]:
        """The same with a client that is signed in already; no transaction is open."""
        where = query.where_in("Id", qbo_ids)
        if entity in LISTS:
            where += " AND Active IN (true, false)"
        rows = list(client.query_all(entity, where))
        found = {row["Id"] for row in rows}
        return rows + [_gone(qbo_id) for qbo_id in qbo_ids if qbo_id not in found]

    # -- what change data capture tells -----------------------------------------------

    def _follow_all(self, known_until: datetime | None) -> bool:
        """Bring Odoo up to this moment: after an hour, or after a gap of any length.

        A connection begins to follow when it is made: its lists were just retrieved,
        and its documents are all to come.

        :return: whether it has to go on in another turn, where this one ended
        """
        gap = self.env["qbo.change.state"]._of(self).gap
        if not gap:
            gap = self._begin_gap(known_until)
        while gap["entities"]:
            gap = self._read_part(gap)
            self._put_state(gap=gap)
            if self.env["ir.cron"]._commit_progress() <= 0 and gap["entities"]:
                return True
        self._put_state(known_until=gap["until"], gap=False)
        return False

    def _begin_gap(self, known_until: datetime | None) -> Gap:
        """Ask what changed, as far as that can be told."""
        now = fields.Datetime.now()
        known_until = known_until or max(
            filter(None, (self.connected_at, now - LOOK_BACK))
        )
        since = known_until - OVERLAP
        if since < now - LOOK_BACK:
            entities = FOLLOWED
        else:
            entities = self._read_changes(since, FOLLOWED)
        return {
            "since": fields.Datetime.to_string(since),
            "until": fields.Datetime.to_string(now),
            "entities": list(entities),
            **FROM_THE_BEGINNING,
        }

    def _put_state(self, **values) -> None:
        with self._own_env() as env:
            env["qbo.change.state"]._put(self.with_env(env), **values)
        self.env["qbo.change.state"].invalidate_model(flush=False)

    def _read_changes(self, since: datetime, entities: Iterable[str]) -> list[str]:
        """Ask what changed, and take it. One answer holds so many objects at most:
        then each kind is asked for alone.

        :return: kinds of which that is still too much: all is to be read
        """
        entities = list(entities)
        try:
            changes = self._with_client(
                lambda client: client.change_data_capture(entities, _aware(since)),
                "follow changes",
            )
        except Refused as error:
            if len(entities) == 1:
                if _lacks_list(error):
                    return []
                _logger.warning("Changes of %s are refused: %s", entities[0], error)
                return entities
            # An edition may lack one of the lists: the others are asked for alone.
        else:
            if sum(map(len, changes.values())) < CDC_MAX_OBJECTS:
                self._take_changes(changes)
                return []
            if len(entities) == 1:
                return entities
        return [
            name for entity in entities for name in self._read_changes(since, [entity])
        ]

    def _read_part(self, gap: Gap) -> Gap:
        """Read one part of whole lists, and of every document that we have exported
        before the gap. Those exported since are known as QuickBooks answered.

        :param gap: ``since`` and ``until`` when nothing was followed; ``entities`` that
            are left, of which the first is read: documents that were exported up to
            the link ``after_id`` are known, then those that changed, from ``start``
        :return: the same after this part
        """
        entity, *others = gap["entities"]
        since = fields.Datetime.to_datetime(gap["since"])
        if entity in LISTS:
            self._retrieve_lists([LISTS[entity]])
        elif not gap["start"]:
            qbo_ids, last_id = self._exported_before(entity, since, gap["after_id"])
            if not qbo_ids:
                return {**gap, "start": 1}
            self._take_changes({entity: self._read_by_ids(entity, qbo_ids)})
            return {**gap, "after_id": last_id}
        elif start := self._read_changed(entity, since, gap["start"]):
            return {**gap, "start": start}
        return {**gap, "entities": others, **FROM_THE_BEGINNING}

    def _read_changed(self, entity: str, since: datetime, start: int) -> int:
        """Read a page of the documents of a kind that changed.

        :return: where the next page starts, 0 when there is none
        """
        where = f"MetaData.LastUpdatedTime >= {query.quote(_aware(since))}"
        statement = query.select(entity, where, start, order_by="Id")
        page = self._with_client(
            lambda client: client.query(statement), "follow changes"
        )
        self._take_changes({entity: page})
        return start + query.MAX_RESULTS if len(page) == query.MAX_RESULTS else 0

    def _exported_before(
        self, entity: str, moment: datetime, after_id: int
    ) -> tuple[list[str], int]:
        """Return Ids of some documents that were exported before a moment.

        :param after_id: the link of the last one that is known already
        :return: the Ids, and the link of the last of them
        """
        with self._own_env() as env:
            connection = self.with_env(env)
            bindings = env["qbo.binding"].search_fetch(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "=", entity),
                    ("remote_state", "!=", "deleted"),
                    ("exported_at", "<", moment),
                    ("id", ">", after_id),
                ],
                ["qbo_id"],
                order="id",
                limit=QUERY_IDS,
            )
            return bindings.mapped("qbo_id"), bindings[-1:].id

    # -- what it means ------------------------------------------------------------

    def _take_changes(self, changes: Rows) -> None:
        """Compare rows of QuickBooks with what Odoo knows, in a transaction of its own.

        Exports write the same links: who comes second looks again.

        :raises ListsBusy: another company was connected while this one was read, where
            the same Ids are other entries
        """
        if not any(changes.values()):
            return
        realm_id = self.realm_id
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._own_env() as env:
                    connection = self.with_env(env)
                    connection._check_still(realm_id)
                    for entity, rows in changes.items():
                        if entity in LISTS:
                            env["qbo.reference"]._take_changes(
                                connection, LISTS[entity], rows
                            )
                        env["qbo.binding"]._take_changes(connection, entity, rows)
                return
            except SerializationFailure:
                if attempt == ATTEMPTS:
                    raise


def _is_echo(event: dict, links) -> bool:
    """Whether it tells of nothing but our own export, as far as moments show it."""
    if event["deleted"] or not links:
        return False
    told_after = event["changed_at"] - ECHO
    return all(link.exported_at and link.exported_at >= told_after for link in links)


def _gone(qbo_id: str) -> dict:
    """Return a row as change data capture has it of what is deleted."""
    return {"Id": qbo_id, "status": DELETED}


def _lacks_list(error: Refused) -> bool:
    return bool({fault.code for fault in error.faults} & NO_SUCH_LIST_CODES)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
