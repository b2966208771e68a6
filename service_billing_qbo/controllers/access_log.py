import logging

from ..quickbooks import RedactingFilter

CALLBACK = "/service_billing_qbo/callback"


class CallbackFilter(RedactingFilter):
    """Keeps authorization codes out of the access log.

    Intuit puts the code into the address that it sends the browser to, and the HTTP
    server logs each address. Lines about other addresses pass as they are.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the record passes, masked if it tells of our callback."""
        if CALLBACK in record.getMessage():
            return super().filter(record)
        return True


logging.getLogger("werkzeug").addFilter(CallbackFilter())
