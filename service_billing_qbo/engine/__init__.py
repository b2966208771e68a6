"""The part of the export engine that needs no Odoo: what goes out, how it is
sent, how an answer is judged and when a failure is tried again."""
