// The practitioners of the clinic: `node seed.js`. Looks each one up first, so it can run after every deploy.
// `--samples` adds a day of invented patients, for a demo that is not empty.
import { book, onDay, practitioners } from "./agenda.js";
import { toBooking } from "./booking.js";
import { readSettings } from "./settings.js";
import { addDays, today } from "./slots.js";
import { openStorage } from "./storage/open.js";

const staff = [
  { name: "Dr. Amara Osei", specialty: "Family medicine" },
  { name: "Dr. Elena Rossi", specialty: "Paediatrics" },
  { name: "Dr. Jonas Lindqvist", specialty: "Dermatology" },
  { name: "Mei Tanaka", specialty: "Physiotherapy" },
];

const samples = [
  ["Dr. Amara Osei", "08:30", "Tom Whitfield", "555 0101", "Blood pressure check"],
  ["Dr. Amara Osei", "09:30", "Grace Adeyemi", "555 0102", "Annual check-up"],
  ["Dr. Amara Osei", "11:00", "Luis Ortega", "555 0103", ""],
  ["Dr. Amara Osei", "15:30", "Hannah Schmidt", "555 0104", "Test results"],
  ["Dr. Elena Rossi", "09:00", "Noah Petrov", "555 0105", "Vaccination, 18 months"],
  ["Dr. Elena Rossi", "09:30", "Aisha Rahman", "555 0106", "Ear ache"],
  ["Dr. Elena Rossi", "14:00", "Mila Novak", "555 0107", "First visit"],
  ["Dr. Jonas Lindqvist", "10:00", "Peter O'Neill", "555 0108", "Mole check"],
  ["Dr. Jonas Lindqvist", "13:30", "Yuki Sato", "555 0109", "Follow-up"],
  ["Mei Tanaka", "08:00", "Carla Mendes", "555 0110", "Knee, session 3 of 6"],
  ["Mei Tanaka", "10:30", "Oskar Nilsen", "555 0111", "Shoulder, session 1"],
  ["Mei Tanaka", "16:00", "Ruth Bergman", "555 0112", "Lower back"],
];

/** @param {import("./storage/open.js").Storage} storage */
async function seedStaff(storage) {
  for (const { name, specialty } of staff) {
    // One statement looks it up and adds it: two seeds at the same time cannot both find it missing.
    const added = await storage.transaction((query) =>
      query("INSERT INTO practitioners (name, specialty) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id", [name, specialty]),
    );
    console.log(`seed: ${name}: ${added.length > 0 ? "created" : "already there"}`);
  }
}

/**
 * @param {import("./storage/open.js").Storage} storage
 * @param {string} day
 */
async function seedSamples(storage, day) {
  const known = await practitioners(storage);
  const booked = await onDay(storage, day);
  for (const [practitioner, time, name, phone, reason] of samples) {
    const practitionerId = known.find((one) => one.name === practitioner)?.id ?? 0;
    const there = booked.some((one) => one.practitioner.id === practitionerId && one.time === time);
    if (!there) await book(storage, toBooking({ practitionerId, day, time, name, phone, reason }));
    console.log(`seed: ${name} on ${day} at ${time}: ${there ? "already there" : "created"}`);
  }
}

try {
  const storage = openStorage(readSettings(process.env));
  try {
    await seedStaff(storage);
    if (process.argv.includes("--samples")) for (const day of [today(), addDays(today(), 1)]) await seedSamples(storage, day);
    const [counts] = await storage.query(`SELECT (SELECT count(*) FROM practitioners) AS practitioners,
      (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM appointments) AS appointments`);
    console.log(`seed: now ${counts.practitioners} practitioners, ${counts.patients} patients, ${counts.appointments} appointments`);
  } finally {
    await storage.close();
  }
} catch (error) {
  console.error(`seed: failed: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
