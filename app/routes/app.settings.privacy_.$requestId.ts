import type { LoaderFunctionArgs } from "@remix-run/node";
import { Readable } from "node:stream";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { deliverExport } from "../privacy/deliver-export.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireShop } from "../shop-session.server";

const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** The file of one data request, sent as it is read. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const id = idSchema.safeParse(params["requestId"]);
  const file = id.success ? await deliverExport(shop.shopId, id.data, shop.actor, await businessNow()) : null;
  // No id, an id of another shop and a file whose time is over answer alike.
  if (!file) throw new Response(null, { status: 404 });
  await recordAccess(shop, "data_download", {
    people: 1,
    memberId: file.memberIds[0] ?? null,
    subject: `request/${id.data}`,
  });
  return new Response(Readable.toWeb(file.content) as ReadableStream, {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="${file.fileName}"`,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
