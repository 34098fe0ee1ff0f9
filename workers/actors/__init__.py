"""What can be asked of a worker? Importing any actor joins it to the queue that BROKER_URL names."""

import dramatiq

from workers.broker import build_broker

broker = build_broker()
dramatiq.set_broker(broker)
