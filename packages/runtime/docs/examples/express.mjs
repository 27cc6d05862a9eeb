import express from "express";
import { graceful } from "@aplomo/runtime";

const app = express();
app.get("/", (request, response) => response.send("hello\n"));
app.get("/report", (request, response) => setTimeout(() => response.send("hello\n"), 600));

const server = app.listen(process.env.PORT ?? 3000);
graceful(server).onClose("database", async () => {
  // await pool.end();
});
