// What stands between the app and the simulated platform while something is measured: answers take as long as they
// would over a network, a bulk file can be of any size, and publications may end here, because the simulator shares the
// measured machine and Shopify does not.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

export interface FrontOptions {
  /** The simulator's shell. */
  behind: string;
  delayMs: number;
  /** In place of the results of bulk operations. */
  bulkFile?: () => AsyncIterable<string>;
  /** Publications of balances are answered here. */
  takesPublications?: boolean;
}
export interface Front {
  url: string;
  stop(): Promise<void>;
}

/** Starts it on a free port. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const server = http.createServer((request, response) => {
    answer(request, response, { ...options, agent, own: url() }).catch(() => response.destroy());
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: url(),
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Here = FrontOptions & { agent: http.Agent; own: string };

async function answer(request: http.IncomingMessage, response: http.ServerResponse, here: Here): Promise<void> {
  const body = await read(request);
  if (here.bulkFile && request.method === "GET" && request.url?.startsWith("/bulk/"))
    return pipeline(Readable.from(here.bulkFile()), response);
  const begun = performance.now();
  const isPublication = here.takesPublications === true && body.includes("metafieldsSet");
  const answered = isPublication ? PUBLISHED : await ask(request, body, here);
  await sleep(Math.max(0, here.delayMs - (performance.now() - begun)));
  response.writeHead(answered.status, answered.headers).end(answered.body);
}

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}
const PUBLISHED: Answered = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ data: { metafieldsSet: { metafields: [], userErrors: [] } } })),
};

// Links to files lead back here.
async function ask(request: http.IncomingMessage, body: Buffer, here: Here): Promise<Answered> {
  const { host: _host, "content-length": _length, connection: _connection, ...headers } = request.headers;
  const sent = http.request(`${here.behind}${request.url ?? ""}`, {
    method: request.method,
    headers,
    agent: here.agent,
  });
  const answered = await new Promise<http.IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
    sent.end(body);
  });
  const text = (await read(answered)).toString("utf8");
  return {
    status: answered.statusCode ?? 502,
    headers: { "content-type": answered.headers["content-type"] ?? "application/json" },
    body: Buffer.from(here.bulkFile ? text.replaceAll(`${here.behind}/bulk/`, `${here.own}/bulk/`) : text),
  };
}

async function read(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
