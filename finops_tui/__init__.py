"""finops-tui: cost insight for Oracle Cloud Infrastructure in a terminal."""

__version__ = "0.1.0"
