"""The catalogue of documents, a class for each kind of company."""

from odoo.tests import tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueUnitedStates(CatalogueCase):
    kind = "us"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueDimensions(CatalogueCase):
    kind = "us/dimensions"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueManualTax(CatalogueCase):
    kind = "us-manual-tax"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueNoSalesTax(CatalogueCase):
    kind = "us-no-sales-tax"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueCanada(CatalogueCase):
    kind = "ca"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueUnitedKingdom(CatalogueCase):
    kind = "uk"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueMulticurrency(CatalogueCase):
    kind = "multicurrency"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()


@tagged("post_install", "-at_install")
class TestCatalogueCustomerOfEachCurrency(CatalogueCase):
    kind = "multicurrency/each"

    def test_every_document_arrives_right_or_is_stopped(self):
        self.every_document_arrives_right_or_is_stopped_with_its_reason()
