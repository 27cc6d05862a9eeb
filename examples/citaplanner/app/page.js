import { choices, onDay } from "../lib/citas.js";

export const dynamic = "force-dynamic";

export default async function Page({ searchParams }) {
  const today = new Date().toISOString().slice(0, 10);
  const { dia } = await searchParams;
  const day = /^\d{4}-\d\d-\d\d$/.test(dia ?? "") ? dia : today;
  const [citas, [profesionales, servicios]] = await Promise.all([onDay(day), choices()]);
  return (
    <main>
      <h1>Citas del {day}</h1>
      <table>
        <thead>
          <tr>
            <th>Hora</th>
            <th>Cliente</th>
            <th>Servicio</th>
            <th>Con</th>
          </tr>
        </thead>
        <tbody>
          {citas.map((cita) => (
            <tr key={cita.id}>
              <td>{cita.time}</td>
              <td>{cita.cliente.name}</td>
              <td>{cita.servicio.name}</td>
              <td>{cita.profesional.name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form action="/api/citas" method="post">
        <input type="date" name="day" defaultValue={day} aria-label="Día" required />
        <input type="time" name="time" defaultValue="13:00" step="1800" aria-label="Hora" required />
        <input name="name" placeholder="Nombre" aria-label="Nombre" required />
        <input name="phone" placeholder="Teléfono" aria-label="Teléfono" required />
        <Choice name="servicioId" label="Servicio" of={servicios} />
        <Choice name="profesionalId" label="Profesional" of={profesionales} />
        <button>Reservar</button>
      </form>
      <footer>CitaPlanner {process.env.APP_VERSION ?? "1.0.0"}</footer>
    </main>
  );
}

function Choice({ name, label, of }) {
  return (
    <select name={name} aria-label={label}>
      {of.map(({ id, name: text }) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  );
}
