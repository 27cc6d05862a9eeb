import { db } from "./db.js";

/** The appointments of a day, by time. @param {string} day */
export function onDay(day) {
  const include = { cliente: true, servicio: true, profesional: true };
  return db().cita.findMany({ where: { day }, include, orderBy: [{ time: "asc" }, { profesionalId: "asc" }] });
}

export function choices() {
  return Promise.all([db().profesional.findMany({ orderBy: { name: "asc" } }), db().servicio.findMany({ orderBy: { name: "asc" } })]);
}

/**
 * 201 comes after the commit; the database itself refuses a double booking.
 * @param {{ day: string, time: string, name: string, phone: string, servicioId: number, profesionalId: number }} wish
 */
export async function book({ day, time, name, phone, servicioId, profesionalId }) {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d$/.test(time)) throw new Refusal(400, "Elige un día y una hora.");
  if (name.length < 2 || phone.length < 6) throw new Refusal(400, "Escribe el nombre y el teléfono.");
  try {
    return await db().$transaction(async (tx) => {
      const cliente = await tx.cliente.upsert({ where: { phone }, create: { phone, name }, update: {} });
      return tx.cita.create({ data: { day, time, clienteId: cliente.id, servicioId, profesionalId } });
    });
  } catch (error) {
    if (error.code === "P2002") throw new Refusal(409, "Esa hora acaba de ocuparse.");
    if (error.code === "P2003") throw new Refusal(400, "Elige un servicio y un profesional.");
    throw error;
  }
}

export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}
