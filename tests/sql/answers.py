"""Writes Spark's answers into `cases/*.txt`: `expression --> type: value`, or the condition of the error.

    python tests/sql/answers.py [FILE ..]

Needs PySpark and Java; the tests themselves do not. A whole query has the rows themselves for its answer, columns
separated by `|`. Lines that begin with SET or CREATE are statements, `#` begins a comment.
"""

import json
import sys
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

ARROW = " --> "
QUERIES = ("SELECT", "WITH", "VALUES", "TABLE", "FROM")
WRAPPED = "SELECT typeof(x), CAST(x AS STRING) FROM (SELECT {} AS x)"


def session():
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def shown(value):
    if value is None:
        return "NULL"
    plain = value and value == value.strip() and value != "NULL" and "\n" not in value
    return value if plain else json.dumps(value, ensure_ascii=False)


def plain(value):
    """A value as the Rust tests print those of frames."""
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)


def answer(spark, expression):
    try:
        if expression.split()[0] in QUERIES:
            rows = spark.sql(expression).collect()
            return " ; ".join(sorted("|".join(plain(value) for value in row) for row in rows))
        rows = spark.sql(WRAPPED.format(expression)).collect()
    except PySparkException as error:
        return f"[{error.getCondition()}] {error.getSqlState()}"
    types = {row[0] for row in rows}
    return f"{' '.join(sorted(types))}: {' ; '.join(shown(row[1]) for row in rows)}"


def fill(spark, path):
    spark.conf.set("spark.sql.ansi.enabled", "false")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    lines = []
    for line in path.read_text().splitlines():
        if line.startswith(("SET ", "CREATE ")):
            spark.sql(line)
        elif line and not line.startswith("#"):
            expression = line.split(ARROW)[0]
            line = expression + ARROW + answer(spark, expression)
        lines.append(line)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]] or sorted(Path(__file__).with_name("cases").glob("*.txt"))
    spark = session()
    for file in files:
        fill(spark, file)
