"""Settings of the web server: how long it waits for senders and readers, and how many a network may keep waiting."""

from config import env

REQUEST_HEADER_TIMEOUT = env.read_seconds(
    "REQUEST_HEADER_TIMEOUT", "How long a connection may take for the headers of its next request.", default=15
)
REQUEST_BODY_TIMEOUT = env.read_seconds(
    "REQUEST_BODY_TIMEOUT", "How long a body of up to one mebibyte may take to arrive.", default=20
)
UPLOAD_TIMEOUT = env.read_seconds(
    "UPLOAD_TIMEOUT", "How long a client list, or another large file, may take to arrive.", default=300
)
RESPONSE_STALL_TIMEOUT = env.read_seconds(
    "RESPONSE_STALL_TIMEOUT", "How long a response may go on more slowly than RESPONSE_MIN_RATE.", default=30
)
RESPONSE_MIN_RATE = env.read_integer(
    "RESPONSE_MIN_RATE", "Bytes a second that the reader of a response must take.", default=1000
)
REQUEST_BODIES_PER_NETWORK = env.read_integer(
    "REQUEST_BODIES_PER_NETWORK", "Bodies that one network may be sending to one web process at a time.", default=50
)
