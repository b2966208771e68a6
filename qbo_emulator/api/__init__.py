"""``/v3/company/<realm>/...``: from a call to documents and back; no HTTP in here."""
