-- Additive: version 1 goes on working while both versions run, and when there is a way back.
ALTER TABLE appointments ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- Only appointments whose patient wants a reminder have a row here.
CREATE TABLE reminders (
  appointment_id INTEGER PRIMARY KEY REFERENCES appointments (id),
  channel TEXT NOT NULL CHECK (channel IN ('text', 'call'))
);
