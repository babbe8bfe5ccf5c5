// Writes metafields 25 a call and within what one request may hold. A call is all or nothing, and one refused
// owner must not hold up the others: those named in the answer are taken out and the rest is sent again.
import type { AdminClient } from "./admin-client.server";
import { METAFIELDS_PER_CALL, setMetafieldsMutation } from "./documents/metafield";
import { UserErrors } from "./shopify-errors";

export interface MetafieldInput {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}
/** Far below what Shopify takes in one request. */
const BYTES_PER_CALL = 512 * 1024;

/**
 * @returns the refused ones with the reason; everything else was written
 * @throws UserErrors that name no metafield, and what the Admin API client throws; what was written before stays
 */
export async function writeMetafields<T extends MetafieldInput>(
  client: AdminClient,
  inputs: readonly T[],
): Promise<{ refused: { input: T; reason: string }[] }> {
  const refused: { input: T; reason: string }[] = [];
  const waiting = [...inputs];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, fitting(waiting));
    const { metafieldsSet } = await client.request(setMetafieldsMutation, {
      metafields: batch.map(({ ownerId, namespace, key, type, value }) => ({ ownerId, namespace, key, type, value })),
    });
    const errors = metafieldsSet?.userErrors ?? [];
    if (errors.length === 0) continue;
    const named = new Map(
      errors.flatMap((error) =>
        error.elementIndex === null ? [] : [[error.elementIndex, error.code ?? error.message]],
      ),
    );
    if (named.size === 0) throw new UserErrors("metafieldsSet", errors);
    const rest = batch.filter((input, index) => {
      const reason = named.get(index);
      if (reason !== undefined) refused.push({ input, reason });
      return reason === undefined;
    });
    waiting.unshift(...rest);
  }
  return { refused };
}

function fitting(waiting: readonly MetafieldInput[]): number {
  let bytes = 0;
  let count = 0;
  for (const { value } of waiting.slice(0, METAFIELDS_PER_CALL)) {
    bytes += Buffer.byteLength(value);
    if (count > 0 && bytes > BYTES_PER_CALL) break;
    count += 1;
  }
  return count;
}
