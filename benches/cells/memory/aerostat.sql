CREATE TABLE numbers USING parquet OPTIONS (path '${files}')

-- %% group by
SELECT count(*) AS groups, max(n) AS largest, max(v) AS v
FROM (SELECT k, sum(v) AS v, count(*) AS n FROM numbers GROUP BY k)

-- %% join
SELECT count(*) AS n, sum(b.v) AS w FROM numbers a JOIN numbers b ON a.k = b.id

-- %% sort
SELECT count(*), min(v) FROM (SELECT v, row_number() OVER (ORDER BY v) AS place FROM numbers) WHERE place > 0

-- %% save
CREATE TABLE saved AS SELECT * FROM numbers
