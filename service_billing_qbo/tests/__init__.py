from . import test_connect
from . import test_mapper_customer
from . import test_mapper_invoice
from . import test_mapping
from . import test_books_features
from . import test_catalogue
from . import test_tax_models
from . import test_screen_rights
