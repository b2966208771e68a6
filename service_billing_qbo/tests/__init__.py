from . import test_connect
from . import test_mapper_customer
from . import test_mapper_invoice
from . import test_mapping
