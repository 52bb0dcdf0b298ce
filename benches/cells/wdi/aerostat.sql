CREATE DATABASE IF NOT EXISTS wdi;
USE wdi;
CREATE TABLE lines (
    year INT, countryName STRING, countryCode STRING, indicatorName STRING, indicatorCode STRING, indicatorValue FLOAT)
USING csv
OPTIONS (path '${text}', header 'true')

-- %% count, text
SELECT count(*) FROM lines

-- %% Canada 2015, text
SELECT indicatorValue FROM lines
WHERE countryName = 'Canada' AND year = 2015 AND indicatorCode = 'NY.GDP.MKTP.KD.ZG'

-- %% write partitioned
CREATE OR REPLACE TABLE by_year PARTITIONED BY (year) AS SELECT * FROM lines

-- %% write
CREATE OR REPLACE TABLE columnar AS SELECT * FROM lines

-- %% count
SELECT count(*) FROM columnar

-- %% Canada 2015, partitioned
SELECT indicatorValue FROM by_year
WHERE countryName = 'Canada' AND year = 2015 AND indicatorCode = 'NY.GDP.MKTP.KD.ZG'

-- %% Canada by year
SELECT year, indicatorValue AS growth
FROM columnar
WHERE countryName = 'Canada' AND indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
ORDER BY year

-- %% every country
SELECT countryName, year, indicatorValue AS growth
FROM columnar
WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
ORDER BY countryName, year

-- %% highest growth, join
SELECT g.countryName, g.year, g.indicatorValue AS growth
FROM columnar g
JOIN (
    SELECT countryName, max(indicatorValue) AS growth
    FROM columnar
    WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
    GROUP BY countryName
) h ON h.countryName = g.countryName AND h.growth = g.indicatorValue
WHERE g.indicatorCode = 'NY.GDP.MKTP.KD.ZG'
ORDER BY g.countryName, g.year

-- %% highest growth, window
SELECT countryName, year, growth
FROM (
    SELECT countryName, year, indicatorValue AS growth,
           rank() OVER (PARTITION BY countryName ORDER BY indicatorValue DESC) AS place
    FROM columnar
    WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
) ranked
WHERE place = 1
ORDER BY countryName, year

-- %% mean of each indicator
SELECT indicatorCode, indicatorName, count(*) AS figures, avg(indicatorValue) AS mean
FROM columnar
WHERE indicatorValue <> 0
GROUP BY indicatorCode, indicatorName
ORDER BY indicatorCode
