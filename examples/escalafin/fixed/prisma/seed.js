// Looks each row up before creating it, changes and deletes nothing: it may run after every deploy.
import { prisma } from "../lib/prisma.js";

const counts = { created: 0, existing: 0 };
const email = "admin@escalafin.example";
if (await prisma.user.findUnique({ where: { email } })) counts.existing += 1;
else {
  await prisma.user.create({ data: { email, name: "Administración" } });
  counts.created += 1;
}
// The loans of the ledger before it: once, while there are none.
if ((await prisma.prestamo.count()) === 0) {
  for (let number = 1; number <= 240; number += 1) {
    const pagos = Array.from({ length: 6 }, (_, index) => ({ numero: index + 1, monto: 100 * number }));
    await prisma.prestamo.create({ data: { cliente: `Cliente ${number}`, monto: 1000 * number, plazo: 12, pagos: { create: pagos } } });
    counts.created += 1;
  }
}
console.log(`seed: ${counts.created} created, ${counts.existing} already there`);
await prisma.$disconnect();
