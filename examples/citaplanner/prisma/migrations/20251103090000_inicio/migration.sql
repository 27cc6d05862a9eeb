CREATE TABLE "users" (
  "id" SERIAL PRIMARY KEY,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'recepcion'
);
CREATE TABLE "profesionales" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL
);
CREATE TABLE "servicios" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "minutes" INTEGER NOT NULL
);
CREATE TABLE "clientes" (
  "id" SERIAL PRIMARY KEY,
  "phone" TEXT NOT NULL,
  "name" TEXT NOT NULL
);
CREATE TABLE "citas" (
  "id" SERIAL PRIMARY KEY,
  "day" TEXT NOT NULL,
  "time" TEXT NOT NULL,
  "cliente_id" INTEGER NOT NULL REFERENCES "clientes" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "servicio_id" INTEGER NOT NULL REFERENCES "servicios" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "profesional_id" INTEGER NOT NULL REFERENCES "profesionales" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE UNIQUE INDEX "profesionales_name_key" ON "profesionales" ("name");
CREATE UNIQUE INDEX "servicios_name_key" ON "servicios" ("name");
CREATE UNIQUE INDEX "clientes_phone_key" ON "clientes" ("phone");
CREATE UNIQUE INDEX "citas_profesional_id_day_time_key" ON "citas" ("profesional_id", "day", "time");
