import { prisma } from "../lib/prisma.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  const [prestamos, pagos] = await Promise.all([prisma.prestamo.count(), prisma.pago.count()]);
  return (
    <main>
      <h1>EscalaFin</h1>
      <p>
        {prestamos} préstamos, {pagos} pagos
      </p>
    </main>
  );
}
