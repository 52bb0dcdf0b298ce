import duckdb

SEGMENTS = [
    ("^[1-2][1-2]", "Hibernating"),
    ("^[1-2][3-4]", "At Risk"),
    ("^[1-2]5", "Can't Lose"),
    ("^3[1-2]", "About to Sleep"),
    ("^33", "Need Attention"),
    ("^[3-4][4-5]", "Loyal Customers"),
    ("^41", "Promising"),
    ("^51", "New Customers"),
    ("^[4-5][2-3]", "Potential Loyalists"),
    ("^5[4-5]", "Champions"),
]

con = duckdb.connect(f"{out}.duckdb")

# %% load and save
con.execute(f"""
    CREATE OR REPLACE TABLE orders AS
    SELECT *, Quantity * UnitPrice AS amount, strftime(InvoiceDate, '%Y%m') AS ym
    FROM read_csv('{csv}', header = true, columns = {{
        'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'Description': 'VARCHAR', 'Quantity': 'INTEGER',
        'InvoiceDate': 'TIMESTAMP', 'UnitPrice': 'DOUBLE', 'CustomerID': 'DOUBLE', 'Country': 'VARCHAR'}})
""")

# %% count
result = con.execute("SELECT count(*) FROM orders").fetchall()

# %% monthly
result = con.execute("""
    WITH months AS (
      SELECT ym,
             count(DISTINCT InvoiceNo) AS total,
             count(DISTINCT InvoiceNo) FILTER (InvoiceNo LIKE 'C%') AS cancelled,
             sum(amount) AS sales,
             count(DISTINCT CustomerID) AS active
      FROM orders
      GROUP BY ym
    )
    SELECT *, total - 2 * cancelled AS placed, sales / lag(sales) OVER (ORDER BY ym) - 1 AS growth
    FROM months
    ORDER BY ym
""").fetchall()

# %% invoices
result = con.execute("""
    WITH paid AS (
      SELECT round(sum(amount), 3) AS amount FROM orders GROUP BY InvoiceNo HAVING round(sum(amount), 3) > 0
    )
    SELECT count(*), min(amount), max(amount), avg(amount), quantile_cont(amount, 0.5), quantile_cont(amount, 0.85)
    FROM paid
""").fetchall()

# %% rfm and segments
cases = " ".join(
    "WHEN regexp_matches(rf, '{}') THEN '{}'".format(pattern, name.replace("'", "''")) for pattern, name in SEGMENTS
)
result = con.execute(f"""
    WITH bought AS (
      SELECT CustomerID,
             date_diff('day', CAST(max(InvoiceDate) AS DATE), DATE '2012-01-01') AS recency,
             count(DISTINCT InvoiceNo) AS frequency,
             sum(amount) AS monetary
      FROM orders
      WHERE Quantity > 0 AND amount > 0 AND CustomerID IS NOT NULL
      GROUP BY CustomerID
    ),
    scored AS (
      SELECT *, concat(ntile(5) OVER (ORDER BY recency DESC, CustomerID), ntile(5) OVER (ORDER BY frequency, CustomerID)) AS rf
      FROM bought
    )
    SELECT CASE {cases} END AS segment, count(*), avg(recency), avg(frequency), avg(monetary)
    FROM scored
    GROUP BY segment
    ORDER BY segment
""").fetchall()
