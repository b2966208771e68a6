"""The words in which a bookkeeper describes a document of the catalogue."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One line of a document.

    :ivar tax: taxes as the runner makes them: a percentage; ``incl`` after one that is
        included in the price, ``on`` after one that the next taxes are charged on;
        ``rc`` before a reverse charge, ``fix`` before an amount for each piece;
        several separated by ``+``, a group of taxes by ``&``
    :ivar product: ``service``, ``goods``, ``unmapped``, ``inactive`` or nothing
    :ivar unit: external id of the unit of measure, empty for the product's own
    :ivar item: name of the QuickBooks item that the line itself chooses
    :ivar class_: name of the QuickBooks class that the line itself chooses
    """

    price: float = 100.0
    quantity: float = 1.0
    discount: float = 0.0
    tax: str = ""
    name: str = "Maintenance"
    product: str = "service"
    display_type: str = "product"
    unit: str = ""
    item: str = ""
    class_: str = ""


def section(name):
    return Line(name=name, display_type="line_section")


def note(name):
    return Line(name=name, display_type="line_note")


@dataclass(frozen=True)
class Document:
    """A document and what becomes of it.

    :ivar total: of the document in QuickBooks; empty when it is stopped
    :ivar tax: of it, sales tax
    :ivar stopped: kind of the problem, when it is stopped
    :ivar says: a part of the sentence that a person reads then
    :ivar texts: descriptions of the lines that QuickBooks gets, where they matter
    :ivar shows: further members of the QuickBooks document, by path with dots
    :ivar values: of the Odoo document; ``customer`` is a name, ``partner`` values of a
        new customer, ``term`` and ``currency`` names, ``cash_rounding`` an amount
    """

    feature: str
    title: str
    lines: tuple
    total: str = ""
    tax: str = "0.00"
    kind: str = "us"
    refund: bool = False
    stopped: str = ""
    says: str = ""
    texts: tuple = ()
    shows: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)


def document(feature, title, *lines, **expected):
    """Return a document; lines as they come."""
    return Document(feature, title, lines, **expected)


def documents(feature, kind, *rows):
    """Return documents of one kind of company.

    :param rows: title, lines, and what is expected
    """
    return tuple(
        Document(feature, title, lines, kind=kind, **expected)
        for title, lines, expected in rows
    )
