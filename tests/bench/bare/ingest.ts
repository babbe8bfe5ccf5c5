// The least that takes a webhook safely: read the body, check its HMAC, one INSERT, 200.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import pg from "pg";

const SECRET = process.env["BENCH_SECRET"] ?? "";
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 8 });
await pool.query("DROP TABLE IF EXISTS bench_inbox");
await pool.query(
  "CREATE TABLE bench_inbox (domain text, topic text, id text, body jsonb, PRIMARY KEY (domain, topic, id))",
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const expected = createHmac("sha256", SECRET).update(body).digest();
    const given = Buffer.from(String(request.headers["x-shopify-hmac-sha256"]), "base64");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return response.writeHead(401).end();
    const { "x-shopify-shop-domain": domain, "x-shopify-topic": topic, "x-shopify-webhook-id": id } = request.headers;
    pool
      .query({
        name: "store",
        text: "INSERT INTO bench_inbox VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        values: [domain, topic, id, body.toString()],
      })
      .then(
        () => response.writeHead(200, { "content-length": 0 }).end(),
        () => response.writeHead(503).end(),
      );
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ listening: (server.address() as AddressInfo).port }));
process.on("SIGTERM", () => process.exit(0));
