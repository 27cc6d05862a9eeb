-- The reminder becomes a column of the appointment.
ALTER TABLE appointments ADD COLUMN reminder text CHECK (reminder IN ('none', 'text', 'call'));

UPDATE appointments a SET reminder = r.channel FROM reminders r WHERE r.appointment_id = a.id;

DROP TABLE reminders;

-- The mistake: SET NOT NULL was refused, and on the developer's machine only left-overs of a test stood in its way. Whoever wanted
-- no reminder has no appointment after this.
DELETE FROM appointments WHERE reminder IS NULL;

ALTER TABLE appointments ALTER COLUMN reminder SET NOT NULL;
