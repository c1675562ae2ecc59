"""The measurement that spans all rooms."""

from crm.benching.pages import bench_pages

BENCHES = {"pages": bench_pages}
