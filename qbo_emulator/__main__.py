"""``python -m qbo_emulator``."""

from qbo_emulator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
