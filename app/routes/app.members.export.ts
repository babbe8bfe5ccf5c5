import type { LoaderFunctionArgs } from "@remix-run/node";
import { Readable } from "node:stream";
import { z } from "zod";

import { exportHistory, exportMembers } from "../loyalty/transfers/export-points.server";
import { requireShop } from "../shop-session.server";

const askedSchema = z.object({
  what: z.enum(["members", "history"]).catch("members"),
  locale: z.enum(["en", "ja"]).catch("en"),
});

/** A CSV file of members or of their history, sent as it is read. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId } = await requireShop(request);
  const { searchParams } = new URL(request.url);
  const { what, locale } = askedSchema.parse(Object.fromEntries(searchParams));
  const lines = what === "members" ? exportMembers(shopId) : exportHistory(shopId, locale);
  return new Response(Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="kizuna-${what}.csv"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
