"""Draw a calculator as HTML: a form that a script may serve, and the worked example that stands there without one.

The form is hidden until the script of the page unhides it, so that nobody presses a button without effect.
"""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes

from bookpress.medium import has_forms

PRIVACY = "What you type stays on this machine: the page calculates by itself and sends nothing."
WITHOUT_SCRIPTS = "This calculator needs JavaScript. The worked example below can be read without it."


def visit_calculator(translator: Any, node: nodes.Element) -> None:
    """Write form and worked example; an edition without forms goes on to the children."""
    if not has_forms(translator.builder):
        translator.body.append('<div class="calculator">\n')
        return
    title, purpose = escape(node["title"]), escape(node["purpose"])
    translator.body += [
        '<div class="calculator">\n',
        f'<p class="calc-title"><span class="calc-kind">Calculator</span> {title}</p>\n',
        f'<p class="calc-purpose">{purpose}</p>\n',
        f'<noscript><p class="calc-note">{WITHOUT_SCRIPTS}</p></noscript>\n',
        *_form(node),
        f'<details class="calc-example"><summary>Worked example: {title}</summary>\n',
        f'<div class="calc-worked">\n{node["worked_html"]}</div>\n</details>\n</div>\n',
    ]
    raise nodes.SkipNode


def depart_calculator(translator: Any, _node: nodes.Element) -> None:
    """Close what an edition without forms opened."""
    translator.body.append("</div>\n")


def _form(node: nodes.Element) -> list[str]:
    attributes = {
        "class": "live-calc",
        "data-call": node["name"],
        "aria-label": f"Calculator: {node['title']}",
        "novalidate": "novalidate",
        "autocomplete": "off",
        "hidden": "hidden",
    }
    return [
        _tag("form", attributes) + "\n",
        *(_field(node["prefix"], field) for field in node["fields"]),
        f'<p class="calc-privacy">{PRIVACY}</p>\n',
        '<button type="submit">Calculate</button>\n',
        '<output role="status"></output>\n',
        '<div class="live-result"></div>\n',
        "</form>\n",
    ]


def _field(prefix: str, field: dict[str, Any]) -> str:
    """Return one field: label with unit, control, help, and the place for a message."""
    own = f"{prefix}-{field['name'].replace('_', '-')}"
    described = f"{own}-help {own}-error" if field["help"] else f"{own}-error"
    attributes = {"id": own, "name": field["name"], "aria-describedby": described}
    if not field["optional"]:
        attributes["aria-required"] = "true"
    optional = ' <span class="calc-optional">optional</span>' if field["optional"] else ""
    told = f'<p class="live-help" id="{own}-help">{escape(field["help"])}</p>' if field["help"] else ""
    return (
        f'<div class="live-field"><label for="{own}">{escape(field["label"])}{optional}</label>'
        f'{_control(field, attributes)}{told}<p class="live-error" id="{own}-error"></p></div>\n'
    )


def _control(field: dict[str, Any], attributes: dict[str, str]) -> str:
    if field["kind"] == "choice":
        options = "".join(
            _tag("option", {"value": value} | ({"selected": "selected"} if value == field["default"] else {}))
            + f"{escape(label)}</option>"
            for value, label in field["choices"]
        )
        return f"{_tag('select', attributes)}{options}</select>"
    # Text fields, not number fields: those drop what they cannot read, and then nobody could say what was wrong.
    more = {
        "number": {"type": "text", "inputmode": "decimal"},
        "integer": {"type": "text", "inputmode": "numeric"},
        "date": {"type": "date"},
        "text": {"type": "text"},
    }[field["kind"]]
    return _tag("input", {**more, **attributes, "value": field["default"]}, close=True)


def _tag(name: str, attributes: dict[str, str], *, close: bool = False) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}{'/' if close else ''}>"
