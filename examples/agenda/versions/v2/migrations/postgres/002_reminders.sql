-- Additive: version 1 goes on working while both versions run, and when there is a way back.
ALTER TABLE appointments ADD COLUMN note text NOT NULL DEFAULT '';

-- Only appointments whose patient wants a reminder have a row here.
CREATE TABLE reminders (
  appointment_id integer PRIMARY KEY REFERENCES appointments (id),
  channel text NOT NULL CHECK (channel IN ('text', 'call'))
);
