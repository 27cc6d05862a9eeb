-- Installations from before the migrations have the tables of 001 without these; where they are there already nothing is done.
ALTER TABLE deals ADD COLUMN IF NOT EXISTS owner_id int NULL;
ALTER TABLE contacts ADD COLUMN IF NOT EXISTS phone varchar(25) NOT NULL DEFAULT '';
