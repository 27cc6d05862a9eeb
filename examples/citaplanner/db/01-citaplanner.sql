-- Runs once, when the database is made. Sessions that hang in a transaction would hold up a migration.
ALTER DATABASE citaplanner SET idle_in_transaction_session_timeout = '60s';
