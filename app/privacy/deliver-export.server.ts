// The file a merchant hands over: everything as JSON, and the photos and videos beside it.
import { Readable } from "node:stream";
import { z } from "zod";

import { inShop, type ShopId } from "../db.server";
import { mediaStore } from "../storage/media-store.server";
import { zipArchive, type ArchivedFile } from "./zip-archive";

export interface DeliveredExport {
  fileName: string;
  memberIds: number[];
  content: Readable;
}

// Of the whole export only what leads to files; everything else goes through untouched.
const fileSchema = z.looseObject({ name: z.string(), url: z.string().nullable().default(null) });
const mediaSchema = z.object({
  reviews: z
    .array(
      z.looseObject({
        media: z.array(z.looseObject({ folder: z.string(), files: z.array(fileSchema) })),
      }),
    )
    .catch([]),
});

/** Hands out a request's file and remembers the first time. null: there is none, or its time is over. */
export async function deliverExport(
  shopId: ShopId,
  requestId: number,
  actor: string,
  now: Date,
): Promise<DeliveredExport | null> {
  const found = await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ content: unknown; memberIds: string[] }>(
      `UPDATE data_export SET delivered_at = coalesce(delivered_at, $3), delivered_to = coalesce(delivered_to, $4)
        WHERE shop_id = $1 AND id = $2 AND outcome = 'exported' AND emptied_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
        RETURNING content, member_ids AS "memberIds"`,
      [shopId, requestId, now, actor],
    );
    return rows[0];
  });
  if (!found) return null;
  return {
    fileName: `kizuna-data-request-${requestId}.zip`,
    memberIds: found.memberIds.map(Number),
    content: Readable.from(zipArchive(filesOf(shopId, found.content)), { objectMode: false }),
  };
}

async function* filesOf(shopId: ShopId, content: unknown): AsyncGenerator<ArchivedFile> {
  yield { name: "data.json", content: [Buffer.from(JSON.stringify(content, null, 2))] };
  for (const { media } of mediaSchema.catch({ reviews: [] }).parse(content).reviews) {
    for (const { folder, files } of media) {
      for (const { name, url } of files) {
        // Removed since: the JSON still says that there was one.
        const file = await mediaStore().open(shopId, { folder, name, url });
        if (file) yield { name: `media/${folder}/${name}`, content: file.stream };
      }
    }
  }
}
