"""Odoo record -> QuickBooks JSON: pure functions, no network, no writes."""
