"""Actors that workers run. Importing any of them connects to the broker that `BROKER_URL` names."""

import dramatiq

from workers.broker import build_broker

broker = build_broker()
dramatiq.set_broker(broker)
