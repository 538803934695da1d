"""What the aims are measured by: ratios, side by side in one run. `python -m benchmarks --help`."""
