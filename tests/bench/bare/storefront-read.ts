// The least that tells a shopper their balance and last entries: check the query's HMAC, one SELECT, JSON.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import pg from "pg";

const SECRET = process.env["BENCH_SECRET"] ?? "";
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 8 });
const READ = `SELECT m.available, m.pending,
    (SELECT json_agg(e) FROM (SELECT id, kind, points, reason, at FROM points_entry
       WHERE shop_id = m.shop_id AND member_id = m.id ORDER BY id DESC LIMIT 20) e) AS entries
  FROM member m JOIN shop s ON s.id = m.shop_id WHERE s.domain = $1 AND m.customer_gid = $2`;

const server = createServer((request, response) => {
  const query = new URLSearchParams((request.url ?? "").split("?")[1]);
  const given = Buffer.from(query.get("signature") ?? "");
  query.delete("signature");
  const signed = [...query].map(([key, value]) => `${key}=${value}`).sort();
  const expected = Buffer.from(createHmac("sha256", SECRET).update(signed.join("")).digest("hex"));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return response.writeHead(400).end();
  pool
    .query({
      name: "read",
      text: READ,
      values: [query.get("shop"), `gid://shopify/Customer/${query.get("logged_in_customer_id")}`],
    })
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
