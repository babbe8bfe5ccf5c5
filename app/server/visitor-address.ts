// Where a request comes from, for limits where no signature says who asks.
import type { IncomingMessage } from "node:http";

/**
 * The address that the outermost proxy of ours saw. Each proxy appends the address it was asked from, so of
 * X-Forwarded-For only the last `trustedHops` entries are true; what stands before them is the caller's own claim.
 */
export function visitorAddress(req: Pick<IncomingMessage, "headers" | "socket">, trustedHops: number): string {
  const socket = req.socket.remoteAddress ?? "";
  if (trustedHops === 0) return socket;
  const forwarded = [req.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  const named = forwarded.map((address) => address.trim()).filter((address) => address !== "");
  return (named.at(-trustedHops) ?? named[0] ?? socket).slice(0, 64);
}
