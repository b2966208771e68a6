"""The counts that prove "one create per invoice, no read after a create"."""

import json

import pytest
from demo_run.calls import Calls, count, creates

COMPANY = "/v3/company/9341"


def create(entity, status=200, body=None):
    return {
        "method": "POST",
        "path": f"{COMPANY}/{entity.lower()}",
        "query": "minorversion=75&requestid=abc",
        "status": status,
        "body": json.dumps(body or {"DocNumber": "1"}),
        "answer": "{}",
    }


def query(statement, encoded=True):
    return {
        "method": "GET",
        "path": f"{COMPANY}/query",
        "query": f"query={statement.replace(' ', '+')}&minorversion=75"
        if encoded
        else {"query": statement},
        "status": 200,
        "body": "",
        "answer": "{}",
    }


def read(entity, qbo_id="7"):
    return {
        "method": "GET",
        "path": f"{COMPANY}/{entity.lower()}/{qbo_id}",
        "query": "",
        "status": 200,
        "body": "",
        "answer": "{}",
    }


def test_creates_are_counted_and_lists_read_before_them_are_no_fault():
    log = [
        query("select * from Customer"),
        create("Customer"),
        create("Invoice"),
        create("Invoice"),
    ]
    assert count(log, metered=1) == Calls(
        create=3, read_after_create=0, metered=1, total=4
    )
    assert creates(log) == {"Customer": 1, "Invoice": 2}


@pytest.mark.parametrize(
    "reading",
    [
        read("Invoice"),
        query("select * from Invoice where DocNumber = '1'"),
        query("select * from Invoice where DocNumber = '1'", encoded=False),
    ],
)
def test_reading_what_was_created_is_counted(reading):
    assert count([create("Invoice"), reading], metered=1).read_after_create == 1


def test_look_up_after_a_refused_create_is_not_a_read_after_create():
    """A name that is taken must be looked up: that is how it is settled."""
    look_up = query("select * from Customer where DisplayName = 'Acme'")
    log = [create("Customer"), create("Customer", status=400), look_up]
    assert count(log, metered=1).read_after_create == 0


def test_refreshing_a_whole_name_list_is_no_read_after_create():
    refresh = query("select * from Customer where Active IN (true, false)")
    named = query("select * from Customer where DisplayName = 'Acme'")
    assert count([create("Customer"), refresh], metered=1).read_after_create == 0
    assert count([create("Customer"), named], metered=1).read_after_create == 1


def test_reading_another_list_after_a_create_is_no_fault():
    assert (
        count(
            [create("Invoice"), query("select * from Term")], metered=1
        ).read_after_create
        == 0
    )


def test_update_void_and_delete_are_not_creates():
    update = create("Invoice", body={"Id": "7", "SyncToken": "0"})
    assert count([update], metered=0).create == 0


def test_each_item_of_a_batch_counts():
    batch = create(
        "batch",
        body={
            "BatchItemRequest": [
                {"bId": "1", "operation": "create", "Invoice": {}},
                {"bId": "2", "operation": "create", "Invoice": {}},
                {"bId": "3", "Query": "select * from Invoice"},
            ]
        },
    )
    batch["answer"] = {
        "BatchItemResponse": [
            {"bId": "1", "Invoice": {"Id": "1"}},
            {"bId": "2", "Fault": {"type": "ValidationFault"}},
            {"bId": "3", "QueryResponse": {}},
        ]
    }
    assert count([batch, read("Invoice")], metered=2) == Calls(1, 1, 2, 2)


def test_token_and_control_requests_are_not_api_calls():
    token = {
        "method": "POST",
        "path": "/oauth2/v1/tokens/bearer",
        "query": "",
        "status": 200,
    }
    assert count([token], metered=0).total == 0
