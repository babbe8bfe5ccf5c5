import type { LoaderFunctionArgs } from "@remix-run/node";
import { Readable } from "node:stream";
import { z } from "zod";

import { countMembers, exportHistory, exportMembers } from "../loyalty/transfers/export-points.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireShop } from "../shop-session.server";

const askedSchema = z.object({
  what: z.enum(["members", "history"]).catch("members"),
  locale: z.enum(["en", "ja"]).catch("en"),
});

/** A CSV file of members or of their history, sent as it is read. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { shopId } = shop;
  const { searchParams } = new URL(request.url);
  const { what, locale } = askedSchema.parse(Object.fromEntries(searchParams));
  const lines = what === "members" ? exportMembers(shopId) : exportHistory(shopId, locale);
  await recordAccess(shop, what === "members" ? "member_export" : "history_export", {
    people: await countMembers(shopId),
  });
  return new Response(Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="kizuna-${what}.csv"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
