"""The notebook of development indicators on the real figures gives what other engines gave."""

import csv
import re

import polars
import pytest

# Figures of other indicators that happen to equal the highest growth of their country.
COINCIDENCES = {("Eswatini", 1992), ("Kazakhstan", 2010), ("Kazakhstan", 2018)}


@pytest.fixture(scope="module")
def figures(real_wdi):
    return polars.read_parquet(real_wdi / "wdi_long_real_subset.parquet")


def test_canada(home_of_real_wdi):
    rows = home_of_real_wdi.query("SELECT year, growth FROM wdi.canada_growth")
    growth = {int(row["year"]): float(row["growth"]) for row in rows}
    assert growth[2015] == pytest.approx(0.649971, abs=1e-6)
    best = max(growth, key=growth.get)
    assert (best, growth[best]) == (1962, pytest.approx(7.4278, abs=1e-4))


def test_highest_growth_of_every_country(home_of_real_wdi, real_wdi):
    rows = home_of_real_wdi.query("SELECT countryName, year, growth FROM wdi.highest_growth")
    ours = {row["countryName"]: (int(row["year"]), float(row["growth"])) for row in rows}
    with open(real_wdi / "expected_max_growth_per_country.csv", newline="") as file:
        right = {row["countryName"]: (int(row["year"]), float(row["indicatorValue"])) for row in csv.DictReader(file)}
    assert len(rows) == len(ours) == len(right) == 261
    assert ours.keys() == right.keys()
    for country, (year, growth) in right.items():
        assert ours[country] == (year, pytest.approx(growth, rel=1e-6)), country


def test_a_join_back_without_its_filter_finds_too_much(home_of_real_wdi):
    rows = home_of_real_wdi.query("SELECT countryName, year, indicatorName FROM wdi.naive_join")
    assert len(rows) == 264
    assert len({row["countryName"] for row in rows}) == 261
    others = {(row["countryName"], int(row["year"])) for row in rows if row["indicatorName"] != "GDP growth (annual %)"}
    assert others == COINCIDENCES


def test_every_line_of_text_became_a_row(home_of_real_wdi, figures):
    [row] = home_of_real_wdi.query("SELECT count(*) AS lines, count(DISTINCT countryCode) AS countries FROM wdi.columnar")
    assert (int(row["lines"]), int(row["countries"])) == (figures.height, figures["countryCode"].n_unique()) == (1_026_030, 266)


def test_naive_splitting_cuts_at_every_comma(home_of_real_wdi, real_wdi_as_text):
    code = re.compile("[A-Z0-9.]+")
    with open(real_wdi_as_text / "text" / "wdi-0.csv") as lines:
        next(lines)
        garbage = sum(not code.fullmatch(line.split(",")[4]) for line in lines)
    [row] = home_of_real_wdi.query("SELECT count(*) AS lines FROM wdi.naive WHERE indicatorCode NOT RLIKE '^[A-Z0-9.]+$'")
    assert int(row["lines"]) == garbage > 100_000
    [row] = home_of_real_wdi.query("SELECT count(*) AS lines FROM wdi.indicators WHERE indicatorCode NOT RLIKE '^[A-Z0-9.]+$'")
    assert int(row["lines"]) == 0


def test_one_partition_a_year(home_of_real_wdi, figures):
    rows = home_of_real_wdi.query("SHOW PARTITIONS wdi.by_year")
    assert [row["partition"] for row in rows] == [f"year={year}" for year in range(1960, 2026)]
    lines = home_of_real_wdi.query("SELECT year, count(*) AS lines FROM wdi.by_year GROUP BY year")
    right = dict(figures.group_by("year").len().rows())
    assert {int(row["year"]): int(row["lines"]) for row in lines} == right


def test_running_again_gives_the_same(home_of_real_wdi, repository, real_wdi_as_text):
    query = "SELECT * FROM wdi.highest_growth ORDER BY countryName"
    before = home_of_real_wdi.query(query)
    home_of_real_wdi.run(repository / "notebooks" / "wdi.ipynb", real_wdi_as_text)
    assert home_of_real_wdi.query(query) == before
    # External tables came and went; the files are still there.
    assert (real_wdi_as_text / "text" / "wdi-0.csv").is_file()
