from . import qbo_connection
from . import qbo_drain
from . import qbo_export
