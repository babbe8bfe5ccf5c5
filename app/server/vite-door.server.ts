// Pages during development: Vite compiles on request and Remix's build is loaded anew for each.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerBuild } from "@remix-run/node";

import { remixDoor } from "./remix-door.server";

/** A door that compiles what it serves. Vite is a development dependency, so it is loaded only here. */
export async function viteDoor(): Promise<(req: IncomingMessage, res: ServerResponse) => Promise<void>> {
  const { createServer } = await import("vite");
  const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
  const remix = remixDoor(async () => (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild);
  return (req, res) =>
    new Promise((resolve, reject) => {
      res.once("close", resolve);
      vite.middlewares(req, res, (error?: unknown) => {
        if (error) reject(error instanceof Error ? error : new Error("Vite failed"));
        else remix(req, res).then(resolve, reject);
      });
    });
}
