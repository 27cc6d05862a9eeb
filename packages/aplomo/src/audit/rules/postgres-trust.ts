import { expand } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const postgresTrust: Rule = {
  id: "postgres-trust",
  title: "PostgreSQL asks nobody for a password",
  area: "data",
  severity: "error",
  why: "with `trust` everybody who reaches the database is its superuser: any container of the network, and the world where its port is published",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  db:\n    image: postgres:17\n    environment:\n      «POSTGRES_HOST_AUTH_METHOD: trust¦POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}»\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const setting = service.environment.get("POSTGRES_HOST_AUTH_METHOD");
      if (!setting || expand(setting.text ?? "", service.project.env) !== "trust") return [];
      return [
        {
          place: setting.place,
          message: `${service.name} lets everybody in without a password`,
          hint: "remove the line and set POSTGRES_PASSWORD; a data folder that exists keeps its pg_hba.conf, so change it there too",
        },
      ];
    }),
};
