"""The queue that wakes workers; other apps import what enqueues jobs from here."""

from workers.queue.enqueueing import enqueue, enqueue_delivery, queue_length

__all__ = ["enqueue", "enqueue_delivery", "queue_length"]
