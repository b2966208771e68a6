from . import test_drain_jobs
from . import test_job_hooks
