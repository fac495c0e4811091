"""Bytes to characters, whatever the label says.

Forwarders relabel, cut and re-encode. So a byte order mark, an ISO-2022 escape or well-formed UTF-8 outweighs the
declared charset. The declared charset comes next, then cp1252.
"""

import codecs
import re

_ALIASES = {
    # The label that mail programs write, and the superset that they mean.
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949",
    "euc-kr": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip

_TEXT_CODECS = re.compile(
    # Python also has "punycode", "idna" and "unicode_escape" among its text codecs. They are slow or change meaning.
    r"(?:utf|iso|windows|cp|koi8|euc|shift|gb|hz|big5|ks|mac|us-ascii|ascii|latin|tis)[\w.:-]{0,30}",
    re.IGNORECASE | re.ASCII,
)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_WIDE = frozenset({"utf-16", "utf16", "utf-32", "utf32", "unicode"})


def decode_text(data: bytes, declared: str = "") -> str:
    """Decode `data`; never raises, unreadable bytes become U+FFFD."""
    if data.isascii() and b"\x00" not in data and b"\x1b" not in data and declared.lower() not in {"utf-7", "hz"}:
        return data.decode("ascii")
    for name in _candidates(data, declared):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode(_tolerant(declared), "replace")


def _candidates(data: bytes, declared: str) -> list[str]:
    names = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)]
    label = declared.strip().strip("\"'").lower()
    # Without a label only many zero bytes mean UTF-16: a single one in a reporter's log must not change the whole.
    if label in _WIDE or (5 * data[:1000].count(0) > len(data[:1000]) and not label.startswith("utf-")):
        names.append(_byte_order(data))
    elif b"\x1b$" in data or b"\x1b(" in data:
        names += [_codec("iso-2022-kr"), _codec("iso-2022-jp")] if b"\x1b$)C" in data else [_codec("iso-2022-jp")]
    else:
        names.append("utf-8")
    return [*names, _codec(label), "utf-8"]


def _byte_order(data: bytes) -> str:
    """Guess the byte order of UTF-16 without a mark: Latin text has its zero bytes on one side."""
    sample = data[:1000]
    return "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"


def _codec(label: str) -> str:
    name = _ALIASES.get(label, label)
    return name if _TEXT_CODECS.fullmatch(name) else "utf-8"


def _tolerant(declared: str) -> str:
    """Choose the codec for damaged text: the declared one if it is multi-byte, since cp1252 would tear pairs."""
    name = _codec(declared.strip().strip("\"'").lower())
    try:
        codecs.lookup(name)  # b"".decode(name) would not even look
    except LookupError:
        return "cp1252"
    return name if declared and name != "utf-8" else "cp1252"
