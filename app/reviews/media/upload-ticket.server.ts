// The right to upload a few files for one visit of a review page: random, signed, good for a day.
import { createHash, randomBytes } from "node:crypto";

import type { ShopId } from "../../db.server";
import { isMacOf, macsOf } from "../../derived-keys.server";
import { TICKET_HOURS } from "./media-limits";

const textOf = (shopId: ShopId, random: string, until: string) => `${shopId}/${random}/${until}`;

/** A ticket for a page that is shown now. Real time: a page lives in a browser, whatever the shop's clock says. */
export function openUpload(shopId: ShopId): string {
  const random = randomBytes(16).toString("base64url");
  const until = Math.floor(Date.now() / 1000 + TICKET_HOURS * 3600).toString(36);
  return `${random}.${until}.${macsOf("review-upload", textOf(shopId, random, until))[0].toString("base64url")}`;
}
/** What a ticket's files are kept under; null: not a ticket of this shop, or too old. */
export function readTicket(shopId: ShopId, ticket: string): Buffer | null {
  const [random = "", until = "", given = "", ...rest] = ticket.split(".");
  if (rest.length > 0 || ticket.length > 120 || !/^[0-9a-z]{1,9}$/.test(until)) return null;
  if (!isMacOf("review-upload", textOf(shopId, random, until), given)) return null;
  if (Number.parseInt(until, 36) * 1000 < Date.now()) return null;
  return createHash("sha256").update(random).digest();
}
