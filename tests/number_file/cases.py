"""Texts as people and programs write them, and the numbers in them."""

import gzip
import io
from dataclasses import dataclass, field
from typing import Any

from gan1d.number_file.reading import Limits

FEW = Limits(low=-1000, high=1000, fewest=3, most=5)


def as_file(text: str) -> io.BytesIO:
    """A text as a file in UTF-8."""
    return io.BytesIO(text.encode())


@dataclass(frozen=True, kw_only=True)
class Case:
    """A text and what is right.

    Attributes:
        why: The habit that it shows.
        content: The text, or its bytes.
        values: The numbers.
        faults: Row, column and content of each cell without one.
        columns: Names of the columns, if there are several.
        column: The column that is wanted.
        index: The column that is read, from 0.
        header: Name of the only column.
        decimal: Decimal mark that is stated.
        question: A part of the question that has to be answered first.
        error: The sentence instead of numbers.
    """

    why: str
    content: str | bytes
    values: list[float] = field(default_factory=list)
    faults: list[tuple[int, int | None, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    column: str | None = None
    index: int = 0
    header: str = ""
    decimal: Any = None
    question: str = ""
    error: str = ""


AB = ["a", "b"]

CASES = (
    # One number per row ----------------------------------------------------------------------------------------------
    Case(why="one number per row", content="1\n2.5\n-3e2\n", values=[1, 2.5, -300]),
    Case(why="no line end at the end", content="1\n2\n3", values=[1, 2, 3]),
    Case(why="a single number", content="5", values=[5]),
    Case(why="nothing", content=""),
    Case(why="comments only", content="# a\n# b\n"),
    Case(why="blank lines only", content="\n  \n\t\n"),
    Case(why="a header", content="height\n1\n2\n", values=[1, 2], header="height"),
    Case(
        why="a header of several words",
        content="Eruption time (min)\n1.5\n2\n",
        values=[1.5, 2],
        header="Eruption time (min)",
    ),
    Case(why="a quoted header and quoted numbers", content='"x"\n"3.6"\n"1.8"\n', values=[3.6, 1.8], header="x"),
    Case(why="the only column by its name", content="cm\n3.6\n1.8\n", column="cm", values=[3.6, 1.8], header="cm"),
    Case(why="the only column by its number", content="3.6\n1.8\n", column="1", values=[3.6, 1.8]),
    Case(why="lines of Windows, a byte order mark, blank rows", content="\ufeff1\r\n\r\n2\r\n", values=[1, 2]),
    Case(why="lines of old Macs", content="1\r2\r3\r", values=[1, 2, 3]),
    Case(why="blanks around numbers", content="  1 \n\t2\n 3\t\n", values=[1, 2, 3]),
    Case(why="a typographic minus, a plus, a bare point", content="−1\n+2\n.5\n5.", values=[-1, 2, 0.5, 5]),
    Case(why="scientific notation", content="1E-3\n2e+05\n−3e−2\n", values=[1e-3, 2e5, -3e-2]),
    Case(why="tiny numbers", content="farad\n3.6000e-12\n1.8e-12\n", values=[3.6e-12, 1.8e-12], header="farad"),
    Case(
        why="a bad row is counted with blank rows and the header",
        content="x\n1\n\nabc\n2\n3",
        values=[1, 2, 3],
        header="x",
        faults=[(4, None, "abc")],
    ),
    Case(
        why="missing values as R, pandas and SQL write them",
        content="x\nNA\n1\nNaN\n2\nnull\n3\n4\n5\n",
        values=[1, 2, 3, 4, 5],
        header="x",
        faults=[(2, None, "NA"), (4, None, "NaN"), (6, None, "null")],
    ),
    Case(
        why="a missing value in the first row is no header",
        content="NA\n1\n2\n",
        values=[1, 2],
        faults=[(1, None, "NA")],
    ),
    Case(
        why="numbers of programming languages",
        content="1\ninf\n2\n0x10\n3\n1_000\n4\n",
        values=[1, 2, 3, 4],
        faults=[(2, None, "inf"), (4, None, "0x10"), (6, None, "1_000")],
    ),
    Case(why="digits of other scripts", content="1\n٣\n2", values=[1, 2], faults=[(2, None, "٣")]),
    Case(why="a number with a unit", content="1\n2 cm\n3\n4\n", values=[1, 3, 4], faults=[(2, None, "2 cm")]),
    Case(why="a single word", content="abc", faults=[(1, None, "abc")]),
    # Lists -----------------------------------------------------------------------------------------------------------
    Case(why="a list with commas", content="1, 2,3 ,4", values=[1, 2, 3, 4]),
    Case(why="a list that goes on in the next line", content="1, 2, 3,\n4, 5", values=[1, 2, 3, 4, 5]),
    Case(why="a list with semicolons and decimal commas", content="1,5;2,5;3", values=[1.5, 2.5, 3]),
    Case(why="a list with blanks", content=" 1 2  3 ", values=[1, 2, 3]),
    Case(why="a list with blanks and decimal commas", content="1,5 2,25 3", values=[1.5, 2.25, 3]),
    Case(why="a list with tabs", content="1\t2\t3", values=[1, 2, 3]),
    Case(why="lines of different lengths", content="1 2 3\n4 5\n6\n", values=[1, 2, 3, 4, 5, 6]),
    Case(why="a bad entry of a list", content="1, 2, x, 4", values=[1, 2, 4], faults=[(1, 3, "x")]),
    Case(why="a list of JSON", content="[3.6, 1.8, -2e3, 4]", values=[3.6, 1.8, -2000, 4]),
    Case(why="a list of Python over several lines", content="[1.5,\n 2.5,\n 3\n]\n", values=[1.5, 2.5, 3]),
    Case(why="null in a list of JSON", content="[1, null, 2]", values=[1, 2], faults=[(2, None, "")]),
    Case(
        why="records of JSON",
        content='[{"a": 1, "b": 5}, {"a": 2, "b": 6.5}]',
        column="b",
        values=[5, 6.5],
        columns=AB,
        index=1,
    ),
    Case(why="columns of JSON", content='{"a": [1, 2], "b": [5, 6]}', column="a", values=[1, 2], columns=AB),
    Case(
        why="rows of JSON",
        content="[[1, 5], [2, 6]]",
        column="2",
        values=[5, 6],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(
        why="an object of JSON",
        content='{"a": 1}',
        error="Expected a JSON list of numbers, but got an object without lists of equal length.",
    ),
    # Tables ----------------------------------------------------------------------------------------------------------
    Case(
        why="the first column of numbers is read",
        content="who,cm\nAnn,170\nBo,181\n",
        values=[170, 181],
        columns=["who", "cm"],
        index=1,
    ),
    Case(why="a column by name", content="a,b\n1,3\n2,4\n", column="b", values=[3, 4], columns=AB, index=1),
    Case(why="a column by number", content="a,b\n1,3\n2,4\n", column="2", values=[3, 4], columns=AB, index=1),
    Case(why="no names", content="1,10\n2,20.5\n", values=[1, 2], columns=["column 1", "column 2"]),
    Case(
        why="a name wins over a number",
        content="2,1\n5,x\n6,y\n7,z\n",
        column="2",
        values=[5, 6, 7],
        columns=["2", "1"],
    ),
    Case(
        why="years are names",
        content="station,2019,2020\ns0,3.6,60\ns1,1.8,61\n",
        column="2019",
        values=[3.6, 1.8],
        columns=["station", "2019", "2020"],
        index=1,
    ),
    Case(
        why="a first row of counts and classes (scikit-learn)",
        content="3,2,setosa\n3.6,60,0\n1.8,61,1\n3.3,62,0\n",
        column="1",
        values=[3.6, 1.8, 3.3],
        columns=["3", "2", "setosa"],
    ),
    Case(
        why="row numbers are not proposed",
        content="id,cm\n0,170\n1,181\n2,165\n",
        values=[170, 181, 165],
        columns=["id", "cm"],
        index=1,
    ),
    Case(why="semicolons and decimal commas", content="a;b\n1,5;2\n0,5;3\n", values=[1.5, 0.5], columns=AB),
    Case(why="tabs and decimal commas", content="a\tb\n1,5\t2\n0,5\t3", values=[1.5, 0.5], columns=AB),
    Case(why="bars", content="a|b\n1.5|2\n0.5|3\n", values=[1.5, 0.5], columns=AB),
    Case(why="columns of blanks", content="a    b\n1.5  2\n0.5  30\n", values=[1.5, 0.5], columns=AB),
    Case(
        why="quotes hold separators, doubled quotes and line ends",
        content='who,cm\n"Lee, Ann",170\n"Day ""Bo""",181\n"two\nlines",165\n',
        values=[170, 181, 165],
        columns=["who", "cm"],
        index=1,
    ),
    Case(
        why="a semicolon in a quoted note",
        content='id,note,x\n0,clear,3.6\n1,"clear; windy",1.8\n2,clear,3.3\n',
        column="x",
        values=[3.6, 1.8, 3.3],
        columns=["id", "note", "x"],
        index=2,
    ),
    Case(
        why="inch marks open no quotes",
        content='size\tx\n5" pipe\t3.6\n6" pipe\t1.8\n',
        column="x",
        values=[3.6, 1.8],
        columns=["size", "x"],
        index=1,
    ),
    Case(
        why="cells missing at the end of rows",
        content="a,b\n1,3\n2,\n3\n4,5\n",
        column="b",
        values=[3, 5],
        columns=AB,
        index=1,
        faults=[(3, None, ""), (4, None, "")],
    ),
    Case(why="rows of separators only (Excel)", content="a;b\n1;2\n;\n3;4\n;\n", column="a", values=[1, 3], columns=AB),
    Case(why="sep= (Excel)", content="sep=;\na;b\n3,6;60\n1,8;61\n", column="a", values=[3.6, 1.8], columns=AB),
    Case(why="numpy.savetxt with a header", content="# x\n3.6e+00\n1.8e+00\n", values=[3.6, 1.8], header="x"),
    Case(
        why="numpy.savetxt with two columns",
        content="# a b\n1.000e+00 2.000e+00\n3.000e+00 4.000e+00\n",
        column="b",
        values=[2, 4],
        columns=AB,
        index=1,
    ),
    Case(
        why="comments between rows",
        content="# made by a logger\n1\n# paused\n2\n3\n",
        values=[1, 2, 3],
        header="made by a logger",
    ),
    Case(
        why="write.table of R",
        content='"a" "b"\n"1" 3.6 60\n"2" 1.8 61\n',
        column="a",
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(
        why="write.csv of R",
        content='"","x"\n"1",3.6\n"2",1.8\n"3",2.5\n',
        column="x",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "x"],
        index=1,
    ),
    Case(
        why="to_csv of pandas",
        content=",x\n0,3.6\n1,1.8\n2,2.5\n",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "x"],
        index=1,
    ),
    Case(
        why="an unknown column",
        content="a,b\n1,2\n3,4\n",
        column="c",
        error='Expected one of a, b, but got "c".',
    ),
    Case(
        why="an unknown column among many",
        content=",".join(f"e{index}" for index in range(200)) + "\n" + ",".join(["1"] * 200) + "\n",
        column="x",
        error='Expected one of e0, e1, e2 and 197 more, but got "x".',
    ),
    Case(
        why="a column of a plain list",
        content="1 2 3",
        column="c",
        error='Expected a table for column "c", but got a plain list of numbers.',
    ),
    Case(
        why="rows of different lengths",
        content="178,13,class_0\n3.6,60,1,2,3\n1.8,61,1,2,3\n",
        column="1",
        error="Expected rows with the same number of cells, but row 1 has 3 cells and row 2 has 5 cells.",
    ),
    Case(
        why="a text",
        content="Dear all,\nhere are the numbers.\nYours\n",
        error="Expected rows with the same number of cells, but row 1 has 2 cells and row 2 has 4 cells.",
    ),
    # Decimal marks and thousands -------------------------------------------------------------------------------------
    Case(
        why="a column of decimal commas", content="Dauer\n3,6\n1,8\n3,333\n", values=[3.6, 1.8, 3.333], header="Dauer"
    ),
    Case(
        why="thousands or decimals",
        content="price\n950\n1,250\n2,400\n",
        values=[950, 1250, 2400],
        header="price",
        question="The comma in “1,250” may be a decimal mark or group thousands.",
    ),
    Case(why="stated thousands", content="price\n950\n1,250\n", decimal=".", values=[950, 1250], header="price"),
    Case(why="stated decimals", content="price\n950\n1,250\n", decimal=",", values=[950, 1.25], header="price"),
    Case(why="millions", content="950\n1,250,000\n", values=[950, 1_250_000]),
    Case(why="thousands and a decimal point", content="x\n1,250.5\n2,400\n", values=[1250.5, 2400], header="x"),
    Case(
        why="thousands and a decimal point, or two columns",
        content="1,250.5\n2,400\n",
        values=[1, 2],
        columns=["column 1", "column 2"],
        question="may be part of the number or separate two columns.",
    ),
    Case(why="stated thousands without a header", content="1,250.5\n2,400\n", decimal=".", values=[1250.5, 2400]),
    Case(
        why="a stated column of pairs",
        content="1,250\n2,400\n",
        column="2",
        values=[250, 400],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(why="thousands and a decimal comma", content="1.250,5\n2.400\n", values=[1250.5, 2400]),
    Case(why="thousands of Switzerland", content="1'250.5\n2’400\n", values=[1250.5, 2400]),
    Case(why="thousands with non-breaking blanks", content="1\u00a0250,5\n2\u202f400\n", values=[1250.5, 2400]),
    Case(why="three decimals with a point", content="1.250\n2.400\n", values=[1.25, 2.4]),
    Case(
        why="both marks",
        content="3.6\n1,8\n2\n",
        values=[3.6, 2],
        faults=[(2, None, "1,8")],
        question="The decimal mark is a point in “3.6” and a comma in “1,8”.",
    ),
    Case(
        why="pairs or decimal commas",
        content="1,5\n2,5\n",
        values=[1, 2],
        columns=["column 1", "column 2"],
        question="The comma in “1,5” may be part of the number or separate two columns.",
    ),
    Case(why="stated pairs", content="1,5\n2,5\n", decimal=".", values=[1, 2], columns=["column 1", "column 2"]),
    Case(why="no pairs", content="1,5\n2,5\n", decimal=",", values=[1.5, 2.5]),
    Case(
        why="another column is unclear",
        content="a;b\n3,6;1.250\n1,8;2.400\n",
        column="a",
        values=[3.6, 1.8],
        columns=AB,
    ),
    # Encodings -------------------------------------------------------------------------------------------------------
    Case(
        why="UTF-16 of Excel",
        content="x\ty\r\n3,6\t60\r\n1,8\t61\r\n".encode("utf-16"),
        column="x",
        values=[3.6, 1.8],
        columns=["x", "y"],
    ),
    Case(why="UTF-8 with a mark", content="Länge\n1\n2\n".encode("utf-8-sig"), values=[1, 2], header="Länge"),
    Case(
        why="cp1252",
        content="Länge;b\r\n3,6;60\r\n1,8;61\r\n".encode("cp1252"),
        column="1",
        values=[3.6, 1.8],
        columns=["Länge", "b"],
    ),
    Case(
        why="a spreadsheet",
        content=b"PK\x03\x04\0\0",
        error="Expected a text file such as CSV, but got something else.",
    ),
    Case(
        why="bytes of no encoding",
        content=b"1\n\x81\x8d\x01\n2\n",
        error="Expected a text file such as CSV, but got something else.",
    ),
    Case(
        why="a letter that cp1252 does not have, as Excel writes it in Czech",
        content="Hmotnos\u0165;Věk\n70,5;31\n80,1;45\n".encode("cp1250"),
        column="1",
        values=[70.5, 80.1],
        columns=["Hmotnos\ufffd", "Vìk"],
    ),
    Case(
        why="letters of Japan in Shift JIS",
        content="身長\n170.5\n165.2\n".encode("shift_jis"),
        values=[170.5, 165.2],
        header="\ufffdg’·",
    ),
    # What other programs print ----------------------------------------------------------------------------------------
    Case(why="a row of numpy", content="[1.5 2.5\n 3.5 4.5]\n", values=[1.5, 2.5, 3.5, 4.5]),
    Case(why="an array of numpy", content="array([1.5, 2.5], dtype=float32)", values=[1.5, 2.5]),
    Case(
        why="a table of numpy",
        content="[[1.5 2.5]\n [3.5 4.5]]\n",
        column="2",
        values=[2.5, 4.5],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(why="numbers as R prints them", content=" [1] 79 54\n [3] 74 62\n", values=[79, 54, 74, 62]),
    Case(
        why="a series of pandas",
        content=",0\n0,1.5\n1,2.5\n2,4\n",
        values=[1.5, 2.5, 4],
        columns=["column 1", "0"],
        index=1,
        column="2",
    ),
    Case(why="objects of JSON, one a line", content='{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', values=[1, 3], columns=AB),
    # Rows that begin with # -------------------------------------------------------------------------------------------
    Case(
        why="colours",
        content="colour,v\n#ff0000,1.5\n#00ff00,2.5\n",
        values=[1.5, 2.5],
        columns=["colour", "v"],
        index=1,
    ),
    Case(why="numbers of rows", content="id,v\n#1,1.5\n#2,2.5\n", values=[1.5, 2.5], columns=["id", "v"], index=1),
    Case(why="a row that is commented out", content="a,b\n1,5\n#2,6\n3,7\n", values=[1, 3], columns=AB),
    Case(why="a comment between rows", content="a,b\n1,5\n# so, far\n3,7\n", values=[1, 3], columns=AB),
    # A title above the table ------------------------------------------------------------------------------------------
    Case(
        why="a title above a table with decimal commas",
        content="Report\nof May\n\na;b\n1,5;2\n2,5;3\n",
        values=[1.5, 2.5],
        columns=AB,
    ),
    Case(
        why="a title above two columns",
        content="Report of May\n\nname,cm\nA,180\nB,170\nC,160\n",
        values=[180, 170, 160],
        columns=["name", "cm"],
        index=1,
    ),
    Case(
        why="a header that is one cell short above a row without a number",
        content="a\nx NA\ny 1.8\nz 2.5\n",
        values=[1.8, 2.5],
        faults=[(2, None, "NA")],
        header="a",
    ),
    Case(
        why="a title with more words than columns",
        content="My data of 2020\n\na,b\n180,80\n170,70\n",
        column="b",
        values=[80, 70],
        columns=AB,
        index=1,
    ),
    # Marks that need an answer ----------------------------------------------------------------------------------------
    Case(
        why="points that may group thousands",
        content="x\n1.250\n950\n2.400\n",
        values=[1.25, 950, 2.4],
        header="x",
        question="The point in “1.250” may be a decimal mark or group thousands.",
    ),
    Case(why="points that are stated to group thousands", content="1.250\n950\n", decimal=",", values=[1250, 950]),
    Case(
        why="points between semicolons that may group thousands",
        content="a;b\n1.250;1\n2.400;2\n",
        values=[1.25, 2.4],
        columns=AB,
        question="The point in “1.250”",
    ),
    Case(why="eighths", content="1.125\n2.5\n3\n", values=[1.125, 2.5, 3]),
    Case(why="lakhs", content="x\n1,00,000\n2,50,000.5\n", values=[100_000, 250_000.5], header="x"),
    Case(
        why="two columns of one name",
        content="a,a\n1,2\n3,4\n",
        column="a",
        error='Expected the number of one of the 2 columns "a".',
    ),
    Case(why="percentages", content="share\n12%\n15%\n", error="Expected numbers, but got text such as “15%”."),
    Case(
        why="a list with commas between decimal commas",
        content="3,6, 1,8, 3,333, 2\n",
        values=[3, 6, 1, 8, 3, 333, 2],
        question="The comma in “3,6” may be part of the number",
    ),
    Case(
        why="such a list with stated decimals",
        content="3,6, 1,8, 4,5,\n3,333, 2\n",
        decimal=",",
        values=[3.6, 1.8, 4.5, 3.333, 2],
    ),
    Case(
        why="errors of spreadsheets in other languages are no comments",
        content="x\n3.6\n#WERT!\n#¡VALOR!\n#N/D\n1.8\n#TODO: more\n2.5\n#ATTENTION! no cell\n",
        values=[3.6, 1.8, 2.5],
        header="x",
        faults=[(3, None, "#WERT!"), (4, None, "#¡VALOR!"), (5, None, "#N/D")],
    ),
    Case(
        why="such a list with stated thousands",
        content="1,250, 2,400, 950\n",
        decimal=".",
        values=[1250, 2400, 950],
    ),
    Case(why="a list with and without spaces", content="1,2,3, 4\n", values=[1, 2, 3, 4]),
    Case(
        why="decimal commas between commas, below a header",
        content="a,b\n3,6,70,5\n1,8,80,5\n",
        error="Expected rows with the same number of cells, but row 1 has 2 cells and row 2 has 4 cells.",
    ),
    Case(
        why="a year that is the name of a column of words, too",
        content="2019,name\n3.6,Ann\n1.8,Bo\n2.5,Cy\n",
        column="2019",
        values=[3.6, 1.8, 2.5],
        columns=["2019", "name"],
    ),
    Case(
        why="row numbers of a part of a table are not proposed",
        content=",cm\n5,170\n6,165\n7,180\n",
        values=[170, 165, 180],
        columns=["column 1", "cm"],
        index=1,
    ),
    Case(
        why="a quote that is never closed",
        content='x,note\n3.6,a\n1.8,"b\n2.5,c\n4.1,d\n',
        column="x",
        error="Expected every quote to be closed, but got one open in row 3.",
    ),
    Case(
        why="more words than numbers",
        content="x\n3.6\nlow\nlow\nhigh\n1.8\n",
        error="Expected numbers, but got text such as “high”.",
    ),
    Case(
        why="missing values as other languages and databases write them",
        content="x\n3.6\nk.A.\n#NV\n\\N\n1.8\n",
        values=[3.6, 1.8],
        header="x",
        faults=[(3, None, "k.A."), (4, None, "#NV"), (5, None, "\\N")],
    ),
    # Code and prints --------------------------------------------------------------------------------------------------
    Case(why="a tuple of Python", content="(3.6, 1.8, 2.5)", values=[3.6, 1.8, 2.5]),
    Case(why="a vector of R", content="c(3.6, 1.8,\n  -2.5)\n", values=[3.6, 1.8, -2.5]),
    Case(why="a vector of R with its name", content="x <- c(3.6, 1.8, 2.5)", values=[3.6, 1.8, 2.5]),
    Case(why="a column of MATLAB", content="x = [3.6; 1.8; 2.5];\n", values=[3.6, 1.8, 2.5]),
    Case(
        why="a matrix of MATLAB, or decimal commas",
        content="[1,2; 3,4]",
        values=[1, 3],
        columns=["column 1", "column 2"],
        question="The comma in “1,2”",
    ),
    Case(why="numpy 2 inside a list", content="[np.float64(3.6), np.float64(-1.8)]", values=[3.6, -1.8]),
    Case(why="an array with its type", content="x = np.array([3, 4, 5], dtype=np.int64)", values=[3, 4, 5]),
    Case(
        why="amounts below zero in parentheses",
        content="(3.6)\n(1.8)\n",
        error="Expected numbers, but got text such as “(1.8)”.",
    ),
    Case(
        why="a column that pandas prints",
        content="     cm\n0  3.60\n1  1.80\n2  2.5\n",
        values=[3.6, 1.8, 2.5],
        header="cm",
    ),
    Case(
        why="a series that pandas prints",
        content="0    3.6\n1    1.8\n2    2.5\nName: cm, dtype: float64\n",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(
        why="a series with dates that pandas prints",
        content="2024-01-01    3.6\n2024-01-02    1.8\n2024-01-03    2.5\nFreq: D, Name: cm, dtype: float64\n",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(
        why="decimal commas below a header, whole parts counted",
        content="x\n0,5\n1,7\n2,9\n",
        values=[0.5, 1.7, 2.9],
        header="x",
    ),
    Case(why="a tab in the line of Excel", content="sep=\t\na\tb\n3,6\t70\n1,8\t80\n", values=[3.6, 1.8], columns=AB),
    Case(why="dashes of a word processor", content="–3.6\n1.8\n–2.5\n", values=[-3.6, 1.8, -2.5]),
    Case(why="an infinite first number", content="Inf\n1\n2\n", values=[1, 2], faults=[(1, None, "Inf")]),
    # What people copy and export -------------------------------------------------------------------------------------
    Case(
        why="form feeds, next lines and other line ends of Unicode",
        content="3.6\f1.8\n2.5\v0.5\u00854.5\u20285.5\u2029",
        values=[3.6, 1.8, 2.5, 0.5, 4.5, 5.5],
    ),
    Case(
        why="invisible characters", content="\u200e3.6\n\ufeff1.8\n2.5\u00ad\n\u200b0.5\n", values=[3.6, 1.8, 2.5, 0.5]
    ),
    Case(why="the end mark of DOS", content="3.6\n1.8\n\x1a", values=[3.6, 1.8]),
    Case(why="other dashes for a minus", content="‒3.6\n—1.8\n－2.5\n", values=[-3.6, -1.8, -2.5]),
    Case(why="exponents of Fortran", content=" 3.6D+00\n 1.8D-01\n", values=[3.6, 0.18]),
    Case(
        why="a title with a comma, as long as the header",
        content="Heights, in cm\nid,height\n1,3.6\n2,1.8\n3,2.5\n",
        values=[3.6, 1.8, 2.5],
        columns=["id", "height"],
        index=1,
    ),
    Case(
        why="a title with more commas than the table",
        content="Table 1: heights, weights and ages, 2019\na,b\n3.6,70\n1.8,80\n2.5,90\n",
        values=[3.6, 1.8, 2.5],
        columns=AB,
    ),
    Case(
        why="units below the header",
        content="a,b\ncm,kg\n3.6,70\n1.8,80\n2.5,90\n",
        values=[3.6, 1.8, 2.5],
        faults=[(2, None, "cm")],
        columns=AB,
    ),
    Case(
        why="a row of totals",
        content="a\n3.6\n1.8\nTotal: 5.4\n",
        values=[3.6, 1.8],
        faults=[(4, None, "Total: 5.4")],
        header="a",
    ),
    Case(
        why="a table of Markdown",
        content="| name | a |\n|------|--:|\n| x | 3.6 |\n| y | 1.8 |\n",
        values=[3.6, 1.8],
        columns=["column 1", "name", "a", "column 4"],
        index=2,
    ),
    Case(
        why="a table as a database prints it",
        content=" a   | b\n-----+----\n 3.6 | 70\n 1.8 | 80\n",
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(
        why="a cell missing between white space",
        content="a b c\n3.6 70 1\n1.8    2\n2.5 90 3\n",
        error="Expected rows with the same number of cells, but row 1 has 3 cells and row 3 has 2 cells.",
    ),
    Case(
        why="thousands with spaces that do not break, from a page",
        content="a\tb\nx\t3\u00a0645\u00a0000\ny\t1\u202f841\u202f000\n",
        values=[3645000, 1841000],
        columns=AB,
        index=1,
    ),
    Case(
        why="percentages with decimal commas",
        content="12,5 %\n25,0 %\n50,1 %\n",
        values=[12, 25, 50],
        columns=["column 1", "column 2"],
        question="The comma in “12,5 %” may be part of the number",
    ),
    Case(
        why="percentages whose decimal comma is stated",
        content="12,5 %\n25,0 %\n50,1 %\n",
        decimal=",",
        values=[12.5, 25, 50.1],
        columns=["column 1", "column 2"],
    ),
    Case(
        why="amounts of money",
        content="price\n$1,200.50\n$950.00\n",
        error="Expected numbers, but got text such as “$950.00”.",
    ),
    Case(
        why="an amount below zero in the first row is no header",
        content="(3.60)\n1.80\n2.50\n",
        values=[1.8, 2.5],
        faults=[(1, None, "(3.60)")],
    ),
    Case(
        why="a limit of detection in the first row is no header",
        content="<0.1\n1.8\n2.5\n",
        values=[1.8, 2.5],
        faults=[(1, None, "<0.1")],
    ),
    Case(
        why="names such as percentages above several columns",
        content="25%,50%,75%\n3.6,70,1\n1.8,80,2\n",
        values=[3.6, 1.8],
        columns=["25%", "50%", "75%"],
    ),
    Case(
        why="a numbered list",
        content="1. 3.6\n2. 1.8\n3. 2.5\n",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(
        why="complex numbers of numpy",
        content="(1.5+2j)\n(2.5+3j)\n",
        error="Expected numbers, but got text such as “(2.5+3j)”.",
    ),
    Case(
        why="hexadecimal numbers",
        content="0x1.8p+0\n0x1.4p+1\n",
        error="Expected numbers, but got text such as “0x1.4p+1”.",
    ),
    Case(
        why="a table of LaTeX",
        content="a & b \\\\\n3.6 & 70 \\\\\n1.8 & 80 \\\\\n",
        values=[3.6, 1.8],
        columns=["a", "&", "b", "\\\\"],
    ),
    # More habits of programs ------------------------------------------------------------------------------------------
    Case(
        why="errors of a spreadsheet are no comments",
        content="x\n3.6\n#DIV/0!\n#N/A\n1.8\n",
        values=[3.6, 1.8],
        header="x",
        faults=[(3, None, "#DIV/0!"), (4, None, "#N/A")],
    ),
    Case(
        why="a last row with the total",
        content="item,amount\nx,3.6\ny,1.8\nTotal,5.4\n",
        column="amount",
        values=[3.6, 1.8],
        columns=["item", "amount"],
        index=1,
        faults=[(4, None, "Total: 5.4")],
    ),
    Case(
        why="rows of a kind that is called total",
        content="kind,amount\ntotal,3.6\npart,1.8\ntotal,2.5\npart,4\n",
        column="amount",
        values=[3.6, 1.8, 2.5, 4],
        columns=["kind", "amount"],
        index=1,
    ),
    Case(
        why="the number of rows below a table of PostgreSQL",
        content=" id | v \n----+---\n 1 | 3.6\n 2 | 1.8\n(2 rows)\n",
        column="v",
        values=[3.6, 1.8],
        columns=["id", "v"],
        index=1,
    ),
    Case(
        why="a table of MySQL",
        content="+----+-----+\n| id | v   |\n+----+-----+\n|  1 | 3.6 |\n|  2 | 1.8 |\n+----+-----+\n2 rows in set\n",
        column="v",
        values=[3.6, 1.8],
        columns=["column 1", "id", "v", "column 4"],
        index=2,
    ),
    Case(
        why="a name with an invisible character",
        content="a,hei\u00adght\n1,3.6\n2,1.8\n",
        column="hei\u00adght",
        values=[3.6, 1.8],
        columns=["a", "height"],
        index=1,
    ),
    Case(why="comments of MATLAB", content="% heights\n% of 2024\n3.6\n1.8\n", values=[3.6, 1.8], header="of 2024"),
    Case(why="comments of C", content="// heights\n// of 2024\n3.6\n1.8\n", values=[3.6, 1.8], header="of 2024"),
    Case(
        why="rows above the header that are as long as it is",
        content="Device;X100\nDate;01.05.2024\n\ntime;value\n0;3,6\n1;1,8\n",
        column="value",
        values=[3.6, 1.8],
        columns=["time", "value"],
        index=1,
    ),
    Case(
        why="the names that pandas gives to three columns",
        content="0,1,2\n3.6,70,1\n1.8,80,2\n",
        values=[3.6, 1.8],
        columns=["0", "1", "2"],
    ),
    Case(why="whole numbers of R", content="c(1L, 2L, -15L)\n", values=[1, 2, -15]),
    Case(
        why="a vector of R with names is not cut",
        content="c(1.5,b=2.5)",
        error="Expected numbers, but got text such as “b=2.5”.",
    ),
    Case(why="a tensor", content="tensor([3.6000, 1.8000,\n        2.5000], device='cuda:0')", values=[3.6, 1.8, 2.5]),
    Case(why="an array of JAX", content="Array([3.6, 1.8, 2.5], dtype=float32)", values=[3.6, 1.8, 2.5]),
    Case(why="an array with its shape", content="array([3.6, 1.8, 2.5], shape=(3,))", values=[3.6, 1.8, 2.5]),
    Case(why="an array of C", content="double x[] = {3.6, 1.8, 2.5};\n", values=[3.6, 1.8, 2.5]),
    Case(why="an array of JavaScript", content="const x = [3.6, 1.8, 2.5];\n", values=[3.6, 1.8, 2.5]),
    Case(why="a list of Mathematica", content="{3.6, 1.8, 2.5}", values=[3.6, 1.8, 2.5]),
    Case(
        why="a dictionary of Python",
        content="{'a': [3.6, 1.8], 'b': (70, None)}",
        column="a",
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(
        why="tuples of Python",
        content="[(1, 3.6), (2, 1.8), (3, 2.5)]",
        column="2",
        values=[3.6, 1.8, 2.5],
        columns=["column 1", "column 2"],
        index=1,
    ),
    Case(
        why="texts that numpy prints",
        content="['3' '1' '2']",
        error="Expected numbers, but got text such as “'2'”.",
    ),
    Case(
        why="columns of pandas as JSON",
        content='{"a": {"0": 3.6, "1": 1.8}, "b": {"0": 70, "1": null}}',
        column="a",
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(why="a series of pandas as JSON", content='{"0": 3.6, "1": 1.8, "2": 2.5}', values=[3.6, 1.8, 2.5]),
    Case(
        why="a table of pandas as split JSON",
        content='{"columns": ["a", "b"], "index": [0, 1], "data": [[3.6, 70], [1.8, 80]]}',
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(
        why="objects of JSON beside other fields",
        content='{"count": 2, "results": [{"a": 3.6, "b": 1}, {"a": 1.8, "b": 2}]}',
        values=[3.6, 1.8],
        columns=AB,
    ),
    Case(
        why="a page of HTML",
        content="<!DOCTYPE html>\n<table><tr><td>3.6</td></tr></table>\n",
        error="Expected a text file such as CSV, but got a document such as HTML or PDF.",
    ),
    Case(
        why="a limit of detection is no page of HTML",
        content="<0.1\n3.6\n1.8\n2.5\n",
        values=[3.6, 1.8, 2.5],
        faults=[(1, None, "<0.1")],
    ),
    Case(
        why="UTF-16 with the larger byte first",
        content=b"\xfe\xff" + "x\n3.6\n1.8\n".encode("utf-16-be"),
        values=[3.6, 1.8],
        header="x",
    ),
    Case(why="UTF-32", content="x\n3.6\n1.8\n".encode("utf-32"), values=[3.6, 1.8], header="x"),
    Case(why="line ends of three systems", content="x\r\n3.6\n1.8\r2.5\r\n4\n", values=[3.6, 1.8, 2.5, 4], header="x"),
    Case(
        why="a compressed file",
        content=gzip.compress(b"x\n3.6\n1.8\n"),
        error="Expected a text file such as CSV, but got something else.",
    ),
    Case(
        why="a zero byte between numbers",
        content=b"x\n3.6\n\0\n1.8\n",
        error="Expected a text file such as CSV, but got something else.",
    ),
    Case(why="thousands with thin spaces", content="x\n1\u2009250\n2\u2009400\n", values=[1250, 2400], header="x"),
    Case(
        why="units of columns in the header",
        content="height (cm),weight [kg]\n170,3.6\n180,1.8\n",
        column="weight [kg]",
        values=[3.6, 1.8],
        columns=["height (cm)", "weight [kg]"],
        index=1,
    ),
    Case(
        why="dates beside numbers",
        content="Datum;Wert\n01.01.2024;3,6\n02.01.2024;1,8\n",
        column="Wert",
        values=[3.6, 1.8],
        columns=["Datum", "Wert"],
        index=1,
    ),
    Case(
        why="a column of dates",
        content="day\n2024-01-01\n2024-01-02\n",
        error="Expected numbers, but got text such as “2024-01-02”.",
    ),
    Case(
        why="decimal commas and exponents",
        content="x;y\n3,6E-03;1\n1,8E-03;1\n",
        column="x",
        values=[3.6e-3, 1.8e-3],
        columns=["x", "y"],
    ),
    Case(
        why="a header that spans lines",
        content='"height\n(cm)",b\n3.6,1\n1.8,2\n',
        column="1",
        values=[3.6, 1.8],
        columns=["height\n(cm)", "b"],
    ),
    Case(
        why="an exponent beyond a double",
        content="x\n1e400\n3.6\n1.8\n2\n",
        values=[3.6, 1.8, 2],
        header="x",
        faults=[(2, None, "1e400")],
    ),
)
