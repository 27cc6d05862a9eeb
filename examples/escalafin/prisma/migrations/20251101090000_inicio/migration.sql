CREATE TABLE "users" (
  "id" SERIAL PRIMARY KEY,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL
);
CREATE TABLE "prestamos" (
  "id" SERIAL PRIMARY KEY,
  "cliente" TEXT NOT NULL,
  "monto" INTEGER NOT NULL,
  "plazo" INTEGER NOT NULL
);
CREATE TABLE "pagos" (
  "id" SERIAL PRIMARY KEY,
  "prestamo_id" INTEGER NOT NULL REFERENCES "prestamos" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "numero" INTEGER NOT NULL,
  "monto" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE UNIQUE INDEX "pagos_prestamo_id_numero_key" ON "pagos" ("prestamo_id", "numero");
