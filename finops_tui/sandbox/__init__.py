"""The sample tenancy behind `--demo`: a simulated world, its report files, and the truth about it."""
