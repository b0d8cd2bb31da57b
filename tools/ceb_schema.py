"""Write `src/crossbook/data/customs/ceb.xsd`, the schema of the CEB export messages, from the tables beside it.

    python tools/ceb_schema.py

No schema file is published; the tables hold what the published specification says of every field.
"""

from __future__ import annotations

from pathlib import Path

from crossbook import ceb

TARGET = Path(__file__).parent.parent / "src/crossbook/data/customs/ceb.xsd"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


def schema() -> str:
    """The schema as text."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<!-- Made by tools/ceb_schema.py from the field tables beside it. Source: {ceb.SOURCE} -->",
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ceb="{ceb.NAMESPACE}"'
        f' targetNamespace="{ceb.NAMESPACE}" elementFormDefault="qualified">',
    ]
    for node, fields in ceb.fields().items():
        lines += [f'  <xs:complexType name="{node}">', "    <xs:sequence>"]
        for f in fields:
            lines += _element(f)
        lines += ["    </xs:sequence>", "  </xs:complexType>"]
    for message in ceb.messages().values():
        lines += _message(message)
    return "\n".join([*lines, "</xs:schema>", ""])


def _element(f: ceb.Field) -> list[str]:
    least, most, digits, decimals = ceb.limits(f.format)
    if f.presence == "filled":
        least = max(least, 1)
    optional = ' minOccurs="0"' if f.presence == "optional" else ""
    if digits:
        base = "xs:decimal" if decimals else "xs:int"
        facets = [f'<xs:totalDigits value="{digits}"/>']
        facets += [f'<xs:fractionDigits value="{decimals}"/>'] if decimals else []
    else:
        base = "xs:string"
        facets = [f'<xs:length value="{most}"/>'] if least == most else [f'<xs:maxLength value="{most}"/>']
        facets += [f'<xs:minLength value="{least}"/>'] if 0 < least < most else []
    return [
        f'      <xs:element name="{f.name}"{optional}>',
        f'        <xs:simpleType><xs:restriction base="{base}">{"".join(facets)}</xs:restriction></xs:simpleType>',
        "      </xs:element>",
    ]


def _message(m: ceb.Message) -> list[str]:
    lines = [f'  <xs:element name="{m.root}">', "    <xs:complexType>", "      <xs:sequence>"]
    if m.item:
        least = ' minOccurs="0"' if m.items is None or not m.sent else ""
        most = "unbounded" if m.items is None else m.items
        lines += [
            f'        <xs:element name="{m.node}" maxOccurs="100">',
            "          <xs:complexType><xs:sequence>",
            f'            <xs:element name="{m.head}" type="ceb:{m.head}"/>',
            f'            <xs:element name="{m.item}" type="ceb:{m.item}"{least} maxOccurs="{most}"/>',
            "          </xs:sequence></xs:complexType>",
            "        </xs:element>",
        ]
    else:
        lines.append(f'        <xs:element name="{m.node}" type="ceb:{m.head}" maxOccurs="100"/>')
    if m.sent:
        lines += [
            '        <xs:element name="BaseTransfer" type="ceb:BaseTransfer"/>',
            f'        <xs:any namespace="{DSIG}" processContents="lax" minOccurs="0"/>',
        ]
    return [
        *lines,
        "      </xs:sequence>",
        '      <xs:attribute name="guid" use="required"><xs:simpleType><xs:restriction base="xs:string">'
        '<xs:length value="36"/></xs:restriction></xs:simpleType></xs:attribute>',
        '      <xs:attribute name="version" use="required"><xs:simpleType><xs:restriction base="xs:string">'
        '<xs:minLength value="1"/><xs:maxLength value="10"/></xs:restriction></xs:simpleType></xs:attribute>',
        "    </xs:complexType>",
        "  </xs:element>",
    ]


if __name__ == "__main__":
    TARGET.write_text(schema(), encoding="utf-8")
