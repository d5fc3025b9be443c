#!/usr/bin/env python3
"""Draws the sweep of run.py: false merges against the review queue, a point for each automatic threshold.

  draw.py SWEEP.json OUT.svg

Upwards: false merges in 100,000 links by score, and a whisker up to their one-sided 95 % bound; to the
right: share of the new or changed nightly rows in review. Both on logarithmic axes."""
import json
import math
import sys

WIDE, HIGH, LEFT, TOP = 560, 320, 60, 20
SHOWN = {0.99, 0.995, 0.998, 0.9995, 0.9998, 0.9999, 0.99995, 0.99998, 0.999999}


def axis(low, high, start, length):
    return lambda v: start + length * (math.log(min(max(v, low), high)) - math.log(low)) / (math.log(high) - math.log(low))


def svg(rows):
    x = axis(0.01, 0.4, LEFT, WIDE)
    y = axis(1, 300, TOP + HIGH, -HIGH)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 20} {TOP + HIGH + 50}" role="img" '
           'aria-labelledby="t" font-family="sans-serif" font-size="12" fill="#444">',
           '<title id="t">False merges against rows in review, by automatic threshold</title>']
    for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.4):
        out.append(f'<path d="M{x(share):.1f} {TOP}v{HIGH}" stroke="#ccc"/><text x="{x(share):.1f}" y="{TOP + HIGH + 16}" '
                   f'text-anchor="middle">{100 * share:g} %</text>')
    for rate in (1, 3, 10, 30, 100, 300):
        out.append(f'<path d="M{LEFT} {y(rate):.1f}h{WIDE}" stroke="#ccc"/><text x="{LEFT - 6}" y="{y(rate) + 4:.1f}" '
                   f'text-anchor="end">{rate}</text>')
    for row in (r for r in rows if r["threshold"] in SHOWN):
        at, up, down = x(row["review_share"]), y(row["upper_per_100k"]), y(max(row["per_100k"], 1))
        out.append(f'<path d="M{at:.1f} {up:.1f}V{down:.1f}" stroke="#0b5394"/><circle cx="{at:.1f}" cy="{down:.1f}" r="4" '
                   f'fill="#0b5394"/><text x="{at + 7:.1f}" y="{down + 14:.1f}">{row["threshold"]:g}</text>')
    out.append(f'<text x="{LEFT + WIDE / 2}" y="{TOP + HIGH + 40}" text-anchor="middle">nightly rows in review</text>'
               f'<text x="{LEFT}" y="{TOP - 6}">false merges per 100,000 links, with their 95 % bound</text></svg>')
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1]) as source:
        rows = json.load(source)
    with open(sys.argv[2], "w") as out:
        out.write(svg(rows))


if __name__ == "__main__":
    main()
