// What the planner needs to begin with. Looks each row up before it creates it, changes and deletes nothing, and ends with counts:
// it may run after every deploy. `--samples` adds invented clients and three weeks of appointments.
import { connect } from "../lib/db.js";

const db = connect();
const counts = { created: 0, existing: 0 };

/**
 * @param {string} what
 * @param {{ findUnique(query: object): Promise<object | null>, create(query: object): Promise<object> }} model
 * @param {object} where
 * @param {object} data
 */
async function ensure(what, model, where, data) {
  const found = await model.findUnique({ where });
  counts[found ? "existing" : "created"] += 1;
  if (!process.argv.includes("--samples")) console.log(`seed: ${what} ${found ? "is already there" : "created"}`);
  return found ?? model.create({ data });
}

try {
  const email = process.env.ADMIN_EMAIL ?? "admin@citaplanner.example";
  await ensure(`user ${email}`, db.user, { email }, { email, name: "Administración", role: "admin" });
  const servicios = [];
  for (const [name, minutes] of /** @type {[string, number][]} */ ([
    ["Corte", 30],
    ["Color", 90],
    ["Manicura", 45],
    ["Masaje", 60],
  ])) {
    servicios.push(await ensure(`service ${name}`, db.servicio, { name }, { name, minutes }));
  }
  const profesionales = [];
  for (const name of ["Lucía Ortega", "Mario Peña", "Inés Rivas"]) {
    profesionales.push(await ensure(`professional ${name}`, db.profesional, { name }, { name }));
  }
  if (process.argv.includes("--samples")) await samples(servicios, profesionales);
  console.log(`seed: ${counts.created} created, ${counts.existing} already there`);
} finally {
  await db.$disconnect();
}

/**
 * @param {{ id: number }[]} servicios
 * @param {{ id: number }[]} profesionales
 */
async function samples(servicios, profesionales) {
  const clientes = [];
  for (let number = 0; number < 150; number += 1) {
    const phone = `55 ${String(1000 + number)} ${String(4000 + number * 7)}`;
    clientes.push(await ensure("client", db.cliente, { phone }, { phone, name: `Cliente ${number + 1}` }));
  }
  let next = 0;
  for (let ahead = 0; ahead < 21; ahead += 1) {
    const day = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    for (const { id: profesionalId } of profesionales) {
      for (const time of ["09:00", "10:30", "12:00", "16:00", "17:30"]) {
        const clienteId = clientes[next % clientes.length].id;
        const servicioId = servicios[next % servicios.length].id;
        const where = { profesionalId_day_time: { profesionalId, day, time } };
        await ensure("appointment", db.cita, where, { profesionalId, day, time, clienteId, servicioId });
        next += 1;
      }
    }
  }
}
