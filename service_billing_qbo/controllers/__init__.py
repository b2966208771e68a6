from . import access_log, oauth, public_pages, webhook
