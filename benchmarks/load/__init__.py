"""taskbot under load for minutes: `make load`. See benchmarks/load/README.md."""
