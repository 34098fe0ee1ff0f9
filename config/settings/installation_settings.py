"""Settings of the installation itself: where the code is, what kind of installation it is, and its keys."""

from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parents[2]
DEMO = env.read_boolean("DEMO", "Adds the demo outbox and its provider. Never use it in production.", default=False)
DEBUG = env.read_boolean("DEBUG", "Django's debug pages. Never use them in production.", default=False)
SECRET_KEY = env.read_string("SECRET_KEY", "Signs forms and cookies: 50 random characters or more.")
SECRET_KEY_FALLBACKS = env.read_list(
    "SECRET_KEY_FALLBACKS", "Former secret keys, without commas: what they signed is still valid.", default=[]
)
DIGEST_KEYS = env.read_keyring(
    "DIGEST_KEYS", "The keys of digests that limits are counted by: id:base64, the newest first, two at most."
)
