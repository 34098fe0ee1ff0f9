"""The queue that wakes workers; other apps import what enqueues jobs from here."""

from workers.queue.enqueueing import enqueue_delivery, enqueue_job, enqueue_row_job, get_queue_length

__all__ = ["enqueue_delivery", "enqueue_job", "enqueue_row_job", "get_queue_length"]
