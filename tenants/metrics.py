"""What is counted, and under which names do the numbers reach Prometheus?"""

from prometheus_client import Counter, Gauge, Histogram

CODES = Counter("portico_codes", "Sign-in codes by how far they got.", ["stage"])
BELLS = Counter("portico_bells", "Doorbells rung in the queue, and those that failed.", ["lane", "outcome"])
