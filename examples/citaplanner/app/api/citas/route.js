import { book, onDay, Refusal } from "../../../lib/citas.js";

export const dynamic = "force-dynamic";

/** @param {Request} request */
export async function GET(request) {
  return Response.json(await onDay(new URL(request.url).searchParams.get("dia") ?? new Date().toISOString().slice(0, 10)));
}

/** JSON from programs, a form from the page. @param {Request} request */
export async function POST(request) {
  const asForm = !request.headers.get("content-type")?.startsWith("application/json");
  const sent = asForm ? Object.fromEntries(await request.formData()) : await request.json();
  try {
    const { day, time, name, phone } = sent;
    const cita = await book({ day, time, name, phone, servicioId: Number(sent.servicioId), profesionalId: Number(sent.profesionalId) });
    return asForm ? new Response(null, { status: 303, headers: { location: `/?dia=${cita.day}` } }) : Response.json(cita, { status: 201 });
  } catch (error) {
    if (error instanceof Refusal) return Response.json({ error: error.message }, { status: error.status });
    throw error;
  }
}
