"""Realistic texts for the examples of a field, by the last word of its name."""

_TEXTS = {
    "name": ("Espresso machine", "Coffee grinder"),
    "title": ("Espresso machine", "Coffee grinder"),
    "label": ("New arrival", "Bestseller"),
    "sku": ("EM-1042", "CG-2077"),
    "code": ("EM-1042", "CG-2077"),
    "slug": ("espresso-machine", "coffee-grinder"),
    "color": ("black", "silver"),
    "colour": ("black", "silver"),
    "currency": ("EUR", "USD"),
    "country": ("Portugal", "Japan"),
    "city": ("Lisbon", "Kyoto"),
    "street": ("Rua Augusta 24", "Teramachi 7"),
    "address": ("Rua Augusta 24, Lisbon", "Teramachi 7, Kyoto"),
    "phone": ("+351 21 123 4567", "+81 75 123 4567"),
    "author": ("Ada Lovelace", "Grace Hopper"),
    "description": ("Brews two cups at a time.", "Grinds 60 g a minute."),
    "summary": ("Brews two cups at a time.", "Grinds 60 g a minute."),
    "subject": ("Order 1042 has shipped", "Invoice for order 2077"),
    "comment": ("Arrived on time.", "Works as described."),
    "note": ("Arrived on time.", "Works as described."),
    "text": ("Arrived on time.", "Works as described."),
    "body": ("Arrived on time.", "Works as described."),
    "content": ("Arrived on time.", "Works as described."),
    "message": ("Arrived on time.", "Works as described."),
}
_FULL_NAMES = {
    "first_name": ("Ada", "Grace"),
    "last_name": ("Lovelace", "Hopper"),
    "full_name": ("Ada Lovelace", "Grace Hopper"),
    "company_name": ("Lovelace Ltd", "Hopper Inc"),
}


def example_texts(name: str, least: int, most: int) -> tuple[str, str]:
    """Two different texts of `least` to `most` characters for the field `name`."""
    words = name.replace("_", " ")
    fallback = (f"one {words}", f"another {words}")
    texts = _FULL_NAMES.get(name) or _TEXTS.get(words.split()[-1]) or fallback
    one, two = (_fitted(text, least, most) for text in texts)
    return one, two


def _fitted(text: str, least: int, most: int) -> str:
    return text[:most].rstrip().ljust(least, "x")
