// A request's door by its path: the closed list that counters and traces use instead of the path.
import type { Door } from "../metrics.server";

const DOORS: readonly [prefix: string, door: Door][] = [
  ["/webhooks/", "webhook"],
  ["/proxy/", "proxy"],
  ["/account-api/", "account"],
  ["/admin-api-block/", "customer_block"],
  ["/unsubscribe/", "unsubscribe"],
  ["/media/", "media"],
  ["/feeds/", "feed"],
  ["/assets/", "asset"],
];
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** The door that answers `pathname`. */
export function doorOf(pathname: string): Door {
  if (PROBES.has(pathname)) return "probe";
  if (pathname === "/webhooks") return "webhook";
  return DOORS.find(([prefix]) => pathname.startsWith(prefix))?.[1] ?? "page";
}
