"""The demo's data keeps the promises that the demo makes about it."""

import pytest
from demo_run import sample
from demo_run.documents import credited, documents


@pytest.mark.parametrize("count", [1, 7, 25, 200])
def test_exactly_as_many_invoices_as_asked_for(count):
    assert len(list(documents(count))) == count
    assert all(position < count for position in credited(count))


def test_invoices_are_the_same_every_time():
    assert list(documents(40)) == list(documents(40))


def test_default_run_shows_every_kind_of_line_and_customer():
    planned = list(documents(25))
    lines = [line for document in planned for line in document.lines]
    kinds = {product.key: product.billing_type for product in sample.PRODUCTS}
    assert {line.display_type for line in lines} == {"", "line_section", "line_note"}
    assert {kinds[line.product] for line in lines if line.product} == {
        "service",
        "goods",
        "expense",
    }
    assert any(line.discount for line in lines)
    assert {document.customer for document in planned} >= {
        customer.key for customer in sample.CUSTOMERS
    }
    assert credited(25)


def test_names_are_of_real_world_shape_and_fit_quickbooks():
    """ISO-8859-1, no colon: what US companies of QuickBooks accept."""
    names = [customer.name for customer in (*sample.CUSTOMERS, sample.NEW_CUSTOMER)]
    text = " ".join(names)
    assert len(sample.CUSTOMERS) >= 12
    assert text.encode("iso-8859-1")
    assert "é" in text
    assert "&" in text
    assert "'" in text
    assert len(names) - len(set(names)) == 1
