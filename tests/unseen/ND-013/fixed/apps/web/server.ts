import { app } from "./app";

const server = Bun.serve({
  port: Number(process.env.PORT ?? 3000),
  hostname: "0.0.0.0",
  fetch: app.fetch,
  idleTimeout: 75,
});

console.log(`listening on ${server.port}`);
