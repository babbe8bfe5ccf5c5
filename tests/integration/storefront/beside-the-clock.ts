// The simulated platform of these tests has no clock to ask: the test's own stands before it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const NOT_PASSED_ON = new Set(["host", "connection", "content-length", "expect"]);

/** Forwards everything to the platform, and answers with the test's own business time. */
export function besideTheClock(platform: string, now: () => Date): Server {
  return createServer((req, res) => void forward(platform, now, req, res));
}

async function forward(platform: string, now: () => Date, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url === "/control/clock") return void res.end(JSON.stringify({ now: now() }));
  const parts: Buffer[] = [];
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers))
    if (typeof value === "string" && !NOT_PASSED_ON.has(name)) headers.set(name, value);
  const answer = await fetch(platform + (req.url ?? ""), {
    method: req.method ?? "GET",
    headers,
    ...(parts.length > 0 ? { body: new Uint8Array(Buffer.concat(parts)) } : {}),
  });
  res.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
  res.end(Buffer.from(await answer.arrayBuffer()));
}

/** Listens on a free port. @returns its address */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
