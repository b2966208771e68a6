"""The body of ``setup/demo``: a small company's invoices go from Odoo to QuickBooks.

The package uses nothing but what users of the addon have: Odoo's pages, Odoo's external
API with the users' own keys, and QuickBooks' own books to check the result against.
"""
