//! `SHOW TABLES` and `SHOW DATABASES` as frames.
