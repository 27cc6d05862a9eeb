-- Rooms, and in which one an appointment is.
CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

ALTER TABLE appointments ADD COLUMN room_id INTEGER REFERENCES rooms (id);

ALTER TABLE patients RENAME COLUMN phone TO telephone;

-- The mistake: a name twice. Everything above is taken back with it.
INSERT INTO rooms (name) VALUES ('Garden room'), ('Street room'), ('Garden room');
