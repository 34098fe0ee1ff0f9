"""The development mail catcher: the demo's providers store what they send here, and /dev/outbox/ shows it."""
