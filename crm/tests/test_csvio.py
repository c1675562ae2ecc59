"""Tables as text: what they are, row by row, and written so that no spreadsheet runs them."""

import io

import pytest

from crm.lib import csvio


def read(data):
    file = io.BytesIO(data)
    rows = list(csvio.rows(file, csvio.sniff(file)))
    assert not file.closed, "the file is still its owner's"
    return rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end):
    text = end.join(["name;city", "Åsa;Malmö", '"Bo ""B"" Ek";Ystad', ""])
    assert [row for _line, row in read(text.encode())] == [
        {"name": "Åsa", "city": "Malmö"}, {"name": 'Bo "B" Ek', "city": "Ystad"},
    ]  # fmt: skip


@pytest.mark.parametrize("inner", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_only_unicode_calls_an_end_of_line_stays_in_its_cell(inner):
    assert read(f"name,note\nAda,one{inner}two\n".encode()) == [(2, {"name": "Ada", "note": f"one{inner}two"})]


def test_a_cell_of_many_lines_stays_one_cell():
    assert read(b'name,note\nAda,"one\ntwo"\nBo,three\n') == [
        (3, {"name": "Ada", "note": "one\ntwo"}), (4, {"name": "Bo", "note": "three"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"x" * 3_000_000 + b"\nAda\n", "first line has more than"),
        (b"name\n" + b"x" * 3_000_000 + b"\n", "Line 2 has a cell of more than"),
        (b'name\n"' + b"x\n" * 1_500_000, "has a cell of more than"),
        (("name\n" + "Åsa\n" * 70_000).encode() + b"\xff\xfe\n", "changes its encoding"),
        (b"PK\x03\x04" + bytes(300), "not text"),
        (b"\xff\xfe\x00\xd8a\x00", "not text"),
        (b" \r\n\t\n", "empty"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(data, sentence):
    with pytest.raises(csvio.NotTabular, match=sentence):
        read(data)


@pytest.mark.parametrize(
    "cell", ["=cmd|'/C calc'!A0", "+1+2", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-"]
)
def test_a_formula_is_shown_and_not_run(cell):
    out = io.StringIO()
    csvio.writer(out, ["=name"])([cell, "plain", None])
    header, *_rest = out.getvalue().splitlines()
    assert header == "'=name"
    assert csvio.safe_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["+12125550100", "-12.50", "-3", "Ada = Bo", "", "a@b.example"])
def test_numbers_and_words_stay_as_they_are(cell):
    assert csvio.safe_cell(cell) == cell
