"""The keys of the case table against the table in docs/architecture.md."""

import re

from lambdas.domain.case import table_keys
from tests.stacks.assembly import ROOT

ROW = re.compile(r"^\| (?P<partition>case id|`[^`]+`) \| `(?P<sort>[^`]+)` \|", re.MULTILINE)


def documented_keys():
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text[text.index("## The case table") :].partition("\n## ")[0]
    cells = [cell.strip("`") for row in ROW.finditer(table) for cell in row.groups()]
    return {cell.partition("<")[0] for cell in cells} - {"case id"}


def test_the_architecture_lists_exactly_these_keys():
    assert documented_keys() == {value for name, value in vars(table_keys).items() if name.isupper()}
