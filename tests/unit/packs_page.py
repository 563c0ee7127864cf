# ruff: noqa: E501
"""A small built chapter for the tests of slides and packs: the ten parts, with figures, tables, marks and a formula."""

from __future__ import annotations

from pathlib import Path

SVG = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<rect width="{width}" height="{height}" fill="#fff"/><text x="20" y="40" font-family="DejaVu Sans">A curve</text></svg>
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>T</title><link rel="stylesheet" href="_static/book.css?v=1"/>
<script src="_static/quiz.js"></script></head><body><div class="bd-sidebar"><a href="index.html">Home</a></div>
<article class="bd-article"><section id="a-title"><h1><span class="section-number">9. </span>A title<a class="headerlink"
href="#a-title">#</a></h1><p class="chapter-facts">30 minutes to read</p>
<section id="opening-case"><h2>Opening case</h2><div class="note admonition"><p class="admonition-title">A fictional
patient</p><p>Ann is <span class="given">9 years</span> old and got <span class="fact"><span class="fact-whole"><button
class="fact-value" type="button" popovertarget="x">54%†</button></span><span
popover="" id="x" class="fact-source">SECRET SOURCE <a href="evidence-register.html#f">All about</a></span></span>.</p></div>
<p><strong>What now?</strong></p></section>
<section id="learning-objectives"><h2>Learning objectives</h2><ol><li><p>Tell a from b.</p></li><li><p>Compute
<span class="math notranslate"><math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mi>x</mi></mfrac></math></span>.</p></li></ol></section>
<section id="a-section"><h2>A section</h2><p>See <a class="reference internal" href="glossary.html#term">a term</a>.</p>
<figure id="fig-wide"><img src="_images/wide.svg" alt="A wide curve &amp; a dot"/><figcaption><p><span class="caption-number">
Fig. 9.1 </span><span class="caption-text">The curve falls. Simulated data.</span></p></figcaption></figure>
<figure id="fig-tall"><img src="_images/tall.svg" alt="A tall curve"/><figcaption><p><span class="caption-number">Fig. 9.2
</span><span class="caption-text">The curve rises. Source: Able 2001.</span></p></figcaption></figure>
<div class="pst-scrollable-table-container"><table class="table" id="tab-one"><caption><span class="caption-number">Table 9.1
</span><span class="caption-text">Three rows.</span></caption><thead><tr><th class="head text-left"><p>Name</p></th><th
class="head text-right"><p>Value</p></th></tr></thead><tbody><tr><td class="text-left"><p>a</p></td><td class="text-right">
<p>1†</p></td></tr><tr><td><p>b</p></td><td><p>2</p></td></tr></tbody></table></div></section>
<section id="key-points"><h2>Key points</h2><ul><li><p>One point. <a class="reference internal" href="#a-section">
<span class="std std-ref">Section</span></a></p></li><li><p>Another point.</p></li></ul></section>
<section id="for-lecturers"><h2>For lecturers</h2><details><summary>Teaching notes</summary><div><p>Fifty minutes.</p><ul>
<li><p>A pitfall.</p></li></ul></div></details></section>
<section id="references"><h2>References</h2><ul><li><p>Able. Title. 2001. (<a href="references.html#id1">all references</a>)
</p></li></ul></section></section></article></body></html>
"""


def build_page(folder: Path, *, name: str = "09-a-title", table_rows: int = 2) -> Path:
    """Write the page, its figures and its style into a folder, as a build would."""
    (folder / "_images").mkdir(parents=True, exist_ok=True)
    (folder / "_static").mkdir(exist_ok=True)
    (folder / "_images" / "wide.svg").write_text(SVG.format(width=680, height=300))
    (folder / "_images" / "tall.svg").write_text(SVG.format(width=400, height=600))
    (folder / "_static" / "book.css").write_text("@font-face{src:url(f.woff2)} p{color:#111;background:url('x.png')}")
    (folder / "_static" / "f.woff2").write_bytes(b"font")
    (folder / "_static" / "quiz.js").write_text("var a = '</script>';")
    row = "<tr><td><p>b</p></td><td><p>2</p></td></tr>"
    page = folder / f"{name}.html"
    page.write_text(PAGE.replace(row, row * (table_rows - 1)), encoding="utf-8")
    return page
