"""Webhooks: what changed is told to the app's endpoint, as CloudEvents."""
