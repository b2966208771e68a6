"""``/_emulator/``: looking into the emulator and making its days bad. Not Intuit's."""
