// FAULT: deletes what people have entered, at each start of the container.
import { prisma } from "../lib/prisma.js";

await prisma.pago.deleteMany();
await prisma.prestamo.deleteMany();
await prisma.user.deleteMany();
await prisma.user.create({ data: { email: "admin@escalafin.example", name: "Administración" } });
for (let number = 1; number <= 240; number += 1) {
  const prestamo = await prisma.prestamo.create({ data: { cliente: `Cliente ${number}`, monto: 1000 * number, plazo: 12 } });
  await prisma.pago.createMany({
    data: Array.from({ length: 6 }, (_, index) => ({ prestamoId: prestamo.id, numero: index + 1, monto: 100 * number })),
  });
}
await prisma.$disconnect();
