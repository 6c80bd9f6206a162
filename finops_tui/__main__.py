"""`python -m finops_tui`."""

from finops_tui.cli import entry

if __name__ == "__main__":
    entry()
