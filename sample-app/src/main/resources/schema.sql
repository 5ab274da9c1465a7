CREATE TABLE IF NOT EXISTS csv_import (
	id UUID PRIMARY KEY,
	name VARCHAR(200) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(20) NOT NULL,
	error VARCHAR(1000),
	total BIGINT NOT NULL,
	-- The job that may work on it, and whether its message is known to outlive this process.
	job_id UUID NOT NULL UNIQUE,
	durable BOOLEAN DEFAULT FALSE NOT NULL,
	csv_cursor BIGINT,
	processed BIGINT DEFAULT 0 NOT NULL,
	rate DOUBLE PRECISION DEFAULT 0 NOT NULL,
	slices INTEGER DEFAULT 0 NOT NULL,
	interruptions INTEGER DEFAULT 0 NOT NULL,
	failed_rows BIGINT DEFAULT 0 NOT NULL,
	-- What jobs before this one have done: each counts from zero.
	processed_before BIGINT DEFAULT 0 NOT NULL,
	slices_before INTEGER DEFAULT 0 NOT NULL,
	interruptions_before INTEGER DEFAULT 0 NOT NULL,
	failed_rows_before BIGINT DEFAULT 0 NOT NULL,
	-- How often a row was there already.
	repeated_rows BIGINT DEFAULT 0 NOT NULL
);

CREATE TABLE IF NOT EXISTS imported_row (
	import_id UUID NOT NULL,
	id BIGINT NOT NULL,
	name VARCHAR(1000) NOT NULL,
	state VARCHAR(40) NOT NULL,
	PRIMARY KEY (import_id, id)
);

CREATE TABLE IF NOT EXISTS pi (
	id UUID PRIMARY KEY,
	digits INTEGER NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(20) NOT NULL,
	result VARCHAR(10001),
	error VARCHAR(1000),
	-- EnqueuedJob as JSON, to ask the backend with.
	job VARCHAR(2000)
);
