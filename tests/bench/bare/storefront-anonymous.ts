// The least that shows reviews of a product to anybody: check the query's HMAC, one SELECT, JSON.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import pg from "pg";

const SECRET = process.env["BENCH_SECRET"] ?? "";
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 8 });
const READ = `SELECT (SELECT count(*) FROM review WHERE shop_id = s.id AND status = 'published' AND group_key = $2) AS total,
    (SELECT json_agg(r) FROM (SELECT id, rating, title, body, pros, cons, author_name, verified, incentivised, helpful, reply, submitted_at
       FROM review WHERE shop_id = s.id AND status = 'published' AND group_key = $2 ORDER BY helpful_rank DESC, id DESC LIMIT 10) r) AS reviews
  FROM shop s WHERE s.domain = $1`;

const server = createServer((request, response) => {
  const query = new URLSearchParams((request.url ?? "").split("?")[1]);
  const given = Buffer.from(query.get("signature") ?? "");
  query.delete("signature");
  const signed = [...query].map(([key, value]) => `${key}=${value}`).sort();
  const expected = Buffer.from(createHmac("sha256", SECRET).update(signed.join("")).digest("hex"));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return response.writeHead(400).end();
  pool
    .query({ name: "read", text: READ, values: [query.get("shop"), `gid://shopify/Product/${query.get("product")}`] })
    .then(
      ({ rows }) => {
        const body = JSON.stringify(rows[0]);
        response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
        response.end(body);
      },
      () => response.writeHead(503).end(),
    );
});
server.listen(0, "127.0.0.1", () => process.send?.({ listening: (server.address() as AddressInfo).port }));
process.on("SIGTERM", () => process.exit(0));
