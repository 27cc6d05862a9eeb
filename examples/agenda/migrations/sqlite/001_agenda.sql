CREATE TABLE practitioners (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  specialty TEXT NOT NULL
);

CREATE TABLE patients (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (name, phone)
);

-- Nothing is ever deleted: a cancelled appointment keeps its row.
CREATE TABLE appointments (
  id INTEGER PRIMARY KEY,
  practitioner_id INTEGER NOT NULL REFERENCES practitioners (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  time TEXT NOT NULL CHECK (time GLOB '[0-9][0-9]:[0-9][0-9]'),
  reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  cancelled_at TEXT
);

-- A practitioner sees one patient at a time. This line, not the app, is what refuses a double booking.
CREATE UNIQUE INDEX appointments_slot ON appointments (practitioner_id, day, time) WHERE cancelled_at IS NULL;

CREATE INDEX appointments_day ON appointments (day);
