-- no transaction: VACUUM, at the end, cannot run inside one.
CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

ALTER TABLE appointments ADD COLUMN room_id INTEGER REFERENCES rooms (id);

ALTER TABLE patients RENAME COLUMN phone TO telephone;

-- The mistake: a name twice. Everything above has happened and stays: no version of the app can book any more.
INSERT INTO rooms (name) VALUES ('Garden room'), ('Street room'), ('Garden room');

VACUUM;
