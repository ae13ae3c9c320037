"""The kiosk agent: reads a tag, asks the server, shows the answer, survives without it."""
