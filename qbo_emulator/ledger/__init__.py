"""The double-entry ledger: every transaction's entries add up to nothing.

Balances of customers and accounts are sums of its entries; nothing else moves them.
"""
