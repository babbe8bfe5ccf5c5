// The thin edge over node:http that all ports of the simulator share.
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Router } from "./router";

/** A request handler that answers 404 where no route fits. */
export function serve(router: Router): RequestListener {
  return (req, res) => {
    router.handle(req, res).then(
      (handled) => {
        if (handled) return;
        res.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
        res.end(`simulator: nothing answers ${req.method} ${req.url?.split("?")[0]}`);
      },
      (error: unknown) => {
        console.error("simulator:", error);
        res.destroy();
      },
    );
  };
}

/** Listens on a loopback host and returns the origin. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Closes a server and its open connections. */
export async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
