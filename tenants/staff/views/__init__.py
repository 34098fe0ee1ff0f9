"""Pages of staff that belong to no business."""
