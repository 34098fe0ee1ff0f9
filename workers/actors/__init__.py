"""Actors that workers run. Importing any of them connects to the broker that `BROKER_URL` names."""

import dramatiq

from workers.dramatiq_middleware import build_middleware
from workers.queue.brokers import build_broker

broker = build_broker(middleware=build_middleware())
dramatiq.set_broker(broker)
