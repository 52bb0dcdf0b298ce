CREATE DATABASE IF NOT EXISTS retail;
CREATE TABLE lines (
    InvoiceNo STRING, StockCode STRING, Description STRING, Quantity INT,
    InvoiceDate TIMESTAMP, UnitPrice DOUBLE, CustomerID DOUBLE, Country STRING)
USING csv
OPTIONS (path '${folder}', header 'true')

-- %% load and save
CREATE OR REPLACE TABLE retail.orders AS
SELECT *, Quantity * UnitPrice AS amount, date_format(InvoiceDate, 'yyyyMM') AS ym
FROM lines

-- %% count
SELECT count(*) FROM retail.orders

-- %% monthly
WITH months AS (
  SELECT ym,
         count(DISTINCT InvoiceNo) AS total,
         count(DISTINCT CASE WHEN InvoiceNo LIKE 'C%' THEN InvoiceNo END) AS cancelled,
         sum(amount) AS sales,
         count(DISTINCT CustomerID) AS active
  FROM retail.orders
  GROUP BY ym
)
SELECT *, total - 2 * cancelled AS placed, sales / lag(sales) OVER (ORDER BY ym) - 1 AS growth
FROM months
ORDER BY ym

-- %% invoices
WITH paid AS (
  SELECT round(sum(amount), 3) AS amount FROM retail.orders GROUP BY InvoiceNo HAVING round(sum(amount), 3) > 0
)
SELECT count(*) AS invoices, min(amount) AS smallest, max(amount) AS largest, avg(amount) AS mean,
       percentile(amount, 0.5) AS median, percentile(amount, 0.85) AS p85
FROM paid

-- %% rfm and segments
WITH bought AS (
  SELECT CustomerID,
         datediff(DATE '2012-01-01', CAST(max(InvoiceDate) AS DATE)) AS recency,
         count(DISTINCT InvoiceNo) AS frequency,
         sum(amount) AS monetary
  FROM retail.orders
  WHERE Quantity > 0 AND amount > 0 AND CustomerID IS NOT NULL
  GROUP BY CustomerID
),
scored AS (
  SELECT *, concat(ntile(5) OVER (ORDER BY recency DESC, CustomerID), ntile(5) OVER (ORDER BY frequency, CustomerID)) AS rf
  FROM bought
),
segmented AS (
  SELECT *,
       CASE WHEN rf RLIKE '^[1-2][1-2]' THEN 'Hibernating'
            WHEN rf RLIKE '^[1-2][3-4]' THEN 'At Risk'
            WHEN rf RLIKE '^[1-2]5' THEN 'Can\'t Lose'
            WHEN rf RLIKE '^3[1-2]' THEN 'About to Sleep'
            WHEN rf RLIKE '^33' THEN 'Need Attention'
            WHEN rf RLIKE '^[3-4][4-5]' THEN 'Loyal Customers'
            WHEN rf RLIKE '^41' THEN 'Promising'
            WHEN rf RLIKE '^51' THEN 'New Customers'
            WHEN rf RLIKE '^[4-5][2-3]' THEN 'Potential Loyalists'
            WHEN rf RLIKE '^5[4-5]' THEN 'Champions'
       END AS segment
  FROM scored
)
SELECT segment, count(*) AS customers, avg(recency) AS recency, avg(frequency) AS frequency, avg(monetary) AS monetary
FROM segmented
GROUP BY segment
ORDER BY segment
