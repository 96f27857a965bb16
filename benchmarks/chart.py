"""Horizontal bars, as SVG."""

from dataclasses import dataclass
from html import escape

WIDTH, LABELS, ROW = 860, 360, 26


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str
    ours: bool  # drawn in the stronger colour


def draw(title: str, bars: list[Bar]) -> str:
    """The text of an SVG file; the longest bar fills the width."""
    longest = max(bar.value for bar in bars)
    height = ROW * (len(bars) + 2)
    rows = (drawn(bar, longest, ROW * (i + 2)) for i, bar in enumerate(bars))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            ' font-family="sans-serif" font-size="14">',
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            f'<text x="10" y="{ROW}" font-weight="bold">{escape(title)}</text>',
            *rows,
            "</svg>\n",
        ]
    )


def drawn(bar: Bar, longest: float, y: int) -> str:
    width = round((WIDTH - LABELS - 130) * bar.value / longest)
    colour = "#009485" if bar.ours else "#b8c4c2"
    return (
        f'<text x="{LABELS - 10}" y="{y + 15}" text-anchor="end">{escape(bar.label)}'
        f'</text><rect x="{LABELS}" y="{y}" width="{width}" height="{ROW - 6}" '
        f'fill="{colour}"/><text x="{LABELS + width + 8}" y="{y + 15}">'
        f"{escape(bar.text)}</text>"
    )
