{
    "name": "Service Billing for QuickBooks Online: Job Queue",
    "summary": "Exports to QuickBooks by the job queue, a channel a company",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Service Billing Contributors, Odoo Community Association (OCA)",
    "depends": ["service_billing_qbo", "queue_job"],
    "data": ["data/queue_job.xml"],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
