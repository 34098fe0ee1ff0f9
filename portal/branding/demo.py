"""The branding of the demo's businesses: colours, texts, contact details and drawn logos."""

import hashlib
import io
from typing import Any

from PIL import Image, ImageColor, ImageDraw, ImageFont

from portal.branding.models import Logo, PortalSettings
from tenants.nouns.demo_business import DemoBusiness

BRANDINGS: dict[str, dict[str, Any]] = {
    "acme": {
        "colour": "#0f766e",
        "welcome": "Good to see you. Here you find everything about your treatment in one place, and you reach us"
        " without waiting on the phone.",
        "contact_email": "hello@acme-physio.example",
        "contact_phone": "+49 30 23125 014",
        "website": "https://acme-physio.example",
        "postal_address": "Lindenstraße 12, 10969 Berlin",
        "languages": ["en", "de"],
        "sms_countries": ["DE", "AT", "CH", "GB"],
    },
    "globex": {
        "colour": "#1e3a8a",
        "welcome": "Welcome to your client room. Your matters, in confidence, and a direct line to the people who"
        " handle them.",
        "contact_email": "reception@globex-legal.example",
        "contact_phone": "+1 212 555 0147",
        "website": "https://globex-legal.example",
        "postal_address": "48 Pearl Street, New York, NY 10004",
        "languages": ["en"],
        "sms_countries": ["US", "CA", "GB"],
    },
}
LOGO_SIZE, SUPERSAMPLING = 192, 4


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Save the colours, texts and logo of a demo business."""
    seed_branding(demo_business.slug)


def seed_branding(slug: str) -> None:
    """Save the colours, texts and logo of the demo business with this slug for the current business."""
    branding = BRANDINGS[slug]
    image = _draw_monogram(slug[0].upper(), branding["colour"])
    Logo.objects.update_or_create(id=1, defaults={"image": image, "media_type": "image/png"})
    digest = hashlib.sha256(image).hexdigest()[:16]
    PortalSettings.objects.filter(id=1).update(**branding, logo_digest=digest)


def _draw_monogram(letter: str, colour: str) -> bytes:
    """Draw one white letter on a rounded square with a lighter arc behind it. Returns a PNG."""
    side = LOGO_SIZE * SUPERSAMPLING
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.24, fill=colour)
    image.alpha_composite(_draw_arc(side, colour, mask=image))
    font = ImageFont.load_default(size=side * 0.62)
    draw.text((side / 2, side * 0.51), letter, fill="white", font=font, anchor="mm")
    image = image.resize((LOGO_SIZE, LOGO_SIZE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_arc(side: int, colour: str, *, mask: Image.Image) -> Image.Image:
    """Draw a lighter disc in one corner, clipped to the rounded square."""
    light = tuple(channel + (255 - channel) // 5 for channel in ImageColor.getrgb(colour))
    disc = Image.new("RGBA", (side, side))
    ImageDraw.Draw(disc).ellipse((-side * 0.35, side * 0.42, side * 0.85, side * 1.62), fill=(*light, 255))
    return Image.composite(disc, Image.new("RGBA", (side, side)), mask.getchannel("A"))
