"""Prometheus metrics of a service. Counters of all its processes are added up by files in a shared folder."""

import os

from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.registry import Collector

requests = Histogram(
    "lienthong_http_request_seconds",
    "Duration of HTTP requests by route, method and status, in seconds",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def text(*collectors: Collector) -> bytes:
    """The metrics of all processes of the service, and what collectors know beside them."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)
