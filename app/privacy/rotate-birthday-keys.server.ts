import { routerPool, type ShopId } from "../db.server";
import { sealBirthdays } from "../loyalty/ways/write-birthday.server";

/** Seals every birthday of every shop under the newest key; afterwards the older keys can be dropped. */
export async function rotateBirthdayKeys(): Promise<{ sealed: number }> {
  const { rows } = await routerPool().query<{ id: ShopId }>("SELECT id FROM shop ORDER BY id");
  let total = 0;
  for (const { id } of rows) total += (await sealBirthdays(id, "all")).sealed;
  return { sealed: total };
}
