from odoo.addons.service_billing_qbo.models.qbo_export import LANE_COUNT


def post_init_hook(env):
    """What waits already was queued for the scheduled actions: it gets its jobs."""
    connections = env["qbo.connection"].search([("state", "=", "connected")])
    connections._ensure_job_channel()
    for connection in connections:
        connection._plan_drain()


def uninstall_hook(env):
    """Give what waits back to the scheduled actions."""
    channels = env["qbo.connection"]._job_channels()
    names = channels.mapped("complete_name")
    # A job whose method is gone could only fail.
    env["queue.job"].search([("channel", "in", names)]).unlink()
    channels.unlink()
    exports = env["qbo.export"]
    for lane in range(LANE_COUNT):
        exports._lane(lane)._trigger()
