// Fronts the app on another site than the admin, as a tunnel does in development: bytes pass through in
// both directions; only frame-ancestors is widened by the shell's origin, which Shopify's admin has there.
import { createServer, request as requestHttp } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { Simulator } from "../simulator";

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Headers without those that belong to one connection only. */
export function endToEndHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = String(headers.connection ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !HOP_BY_HOP.includes(entry[0]) && !named.includes(entry[0]),
    ),
  );
}

/** Adds an origin to frame-ancestors; a policy without that directive stays as it is. */
export function allowFraming(policy: string, origin: string): string {
  return policy.replace(/frame-ancestors\s+([^;]*)/i, (_, sources: string) => {
    const others = sources.trim() === "'none'" ? "" : ` ${sources.trim()}`;
    return `frame-ancestors ${origin}${others}`;
  });
}

/** The server on the tunnel's port. */
export function createTunnel(sim: Simulator): Server {
  return createServer((req, res) => forward(sim, req, res));
}

function forward(sim: Simulator, req: IncomingMessage, res: ServerResponse): void {
  if (!sim.appUrl) {
    refuse(res, "The app is not running yet.");
    return;
  }
  const target = new URL(sim.appUrl);
  const headers = endToEndHeaders(req.headers);
  headers["x-forwarded-host"] = req.headers.host ?? "";
  headers["x-forwarded-proto"] = "http";
  headers["x-forwarded-for"] = req.socket.remoteAddress ?? "";
  if (req.headers["transfer-encoding"]) headers["transfer-encoding"] = "chunked";
  const upstream = requestHttp(
    { host: target.hostname, port: target.port, method: req.method, path: req.url, headers },
    (answer) => {
      const out = endToEndHeaders(answer.headers);
      const policy = out["content-security-policy"];
      if (typeof policy === "string") out["content-security-policy"] = allowFraming(policy, sim.addresses.shell);
      res.writeHead(answer.statusCode ?? 502, out);
      answer.pipe(res);
      answer.on("error", () => res.destroy());
    },
  );
  upstream.on("error", (error) => refuse(res, `The app does not answer at ${sim.appUrl}: ${error.message}`));
  res.on("close", () => upstream.destroy());
  req.pipe(upstream);
}

function refuse(res: ServerResponse, message: string): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(502, { "content-type": "text/plain; charset=utf-8" });
  res.end(message);
}
