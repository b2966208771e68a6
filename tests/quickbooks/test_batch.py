"""What a batch asks and what it answers, item by item."""

from __future__ import annotations

from decimal import Decimal

import pytest
from service_billing_qbo.quickbooks import BatchItem, Fault, Outcome, classify
from service_billing_qbo.quickbooks.batch import answers_in, payload_of


def an_item(b_id: str = "1") -> BatchItem:
    return BatchItem(b_id, "create", "Customer", {"DisplayName": "A"})


@pytest.mark.parametrize(
    ("item", "as_json"),
    [
        (
            BatchItem("1", "create", "Invoice", {"DocNumber": "7"}),
            {"bId": "1", "operation": "create", "Invoice": {"DocNumber": "7"}},
        ),
        (
            BatchItem("2", "update", "Customer", {"Id": "5", "SyncToken": "0"}),
            {
                "bId": "2",
                "operation": "update",
                "Customer": {"Id": "5", "SyncToken": "0"},
            },
        ),
        (
            BatchItem("3", "delete", "Invoice", {"Id": "129", "SyncToken": "0"}),
            {
                "bId": "3",
                "operation": "delete",
                "Invoice": {"Id": "129", "SyncToken": "0"},
            },
        ),
        (
            BatchItem(
                "4", "void", "Invoice", {"Id": "9", "SyncToken": "1", "Line": []}
            ),
            {"bId": "4", "operation": "void", "Invoice": {"Id": "9", "SyncToken": "1"}},
        ),
        (
            BatchItem("5", "void", "Payment", {"Id": "9", "SyncToken": "1"}),
            {
                "bId": "5",
                "operation": "update",
                "optionsData": "void",
                "Payment": {"Id": "9", "SyncToken": "1", "sparse": True},
            },
        ),
        (
            BatchItem.query("6", "Term", "select * from Term"),
            {"bId": "6", "Query": "select * from Term"},
        ),
    ],
)
def test_item_as_quickbooks_wants_it(item: BatchItem, as_json: object) -> None:
    assert payload_of([item], "r1") == {"BatchItemRequest": [as_json]}
    assert item.is_write == (item.operation != "query")


@pytest.mark.parametrize("count", [1, 30])
def test_smallest_and_largest_batch(count: int) -> None:
    items = [an_item(str(number)) for number in range(count)]

    assert len(payload_of(items, "r" * 36)["BatchItemRequest"]) == count


@pytest.mark.parametrize("count", [0, 31])
def test_batch_of_another_size_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 30 items, not {count}"):
        payload_of([an_item(str(number)) for number in range(count)], "r1")


@pytest.mark.parametrize("request_id", ["", "r" * 37])
def test_request_id_of_another_length_is_refused(request_id: str) -> None:
    with pytest.raises(ValueError, match="1 to 36 characters"):
        payload_of([an_item()], request_id)


def test_b_id_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="its own b_id"):
        payload_of([an_item("1"), an_item("1")], "r1")


@pytest.mark.parametrize("b_id", ["", "12345678901"])
def test_b_id_of_another_length_is_refused(b_id: str) -> None:
    with pytest.raises(ValueError, match="1 to 10 characters"):
        an_item(b_id)


def test_operation_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="create, update, void, delete, query"):
        BatchItem("1", "upsert", "Invoice", {})


def test_void_that_the_api_does_not_have_is_refused() -> None:
    item = BatchItem("1", "void", "CreditMemo", {"Id": "9", "SyncToken": "1"})

    with pytest.raises(ValueError, match="cannot void a CreditMemo"):
        payload_of([item], "r1")


def test_answers_come_in_the_order_of_the_items() -> None:
    content = {
        "BatchItemResponse": [
            {"bId": "c", "QueryResponse": {"Term": [{"Id": "3"}], "startPosition": 1}},
            {"bId": "b", "Fault": {"Error": [{"code": "6240"}], "type": "V"}},
            {"bId": "a", "Customer": {"Id": "58", "Balance": Decimal(0)}},
            {"bId": "d", "QueryResponse": {}},
        ]
    }
    items = [
        an_item("a"),
        an_item("b"),
        BatchItem.query("c", "Term", "select * from Term"),
        BatchItem.query("d", "Class", "select * from Class"),
    ]

    done, refused, found, empty = answers_in(content, items)

    assert (done.b_id, done.entity, done.is_ok) == (
        "a",
        {"Id": "58", "Balance": Decimal(0)},
        True,
    )
    assert (refused.entity, refused.is_ok) == (None, False)
    assert refused.faults == (Fault("6240", type="V"),)
    assert (found.rows, found.entity) == (({"Id": "3"},), None)
    assert (empty.rows, empty.is_ok) == ((), True)


@pytest.mark.parametrize(
    "listed",
    [
        [],
        None,
        ["odd"],
        [{"bId": "other", "Customer": {}}],
        [{"bId": "1"}],
        [{"bId": "1", "Customer": None}],
        [{"bId": "1", "Invoice": {"Id": "7"}}],
    ],
)
def test_item_without_an_answer_of_its_own_is_uncertain(listed: object) -> None:
    (answer,) = answers_in({"BatchItemResponse": listed}, [an_item()])

    assert not answer.is_ok
    assert [classify(fault).outcome for fault in answer.faults] == [Outcome.UNCERTAIN]


def test_text_of_items_and_answers_shows_no_customer_data() -> None:
    """They end up in tracebacks and logs."""
    (answer,) = answers_in(
        {"BatchItemResponse": [{"bId": "1", "Customer": {"DisplayName": "Ann"}}]},
        [an_item()],
    )

    assert "Ann" not in repr(answer)
    assert "DisplayName" not in repr(an_item())
