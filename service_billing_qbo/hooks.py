def uninstall_hook(env):
    """End what was authorized: nobody could do it here afterwards."""
    connections = env["qbo.connection"].search([("state", "in", ["connected", "lost"])])
    for connection in connections:
        connection._disconnect()
