// A birthday at rest: ciphertext bound to its member, and beside it a keyed hash of shop, month and day, by which
// the members of a day are found without opening anybody's.
import { macsOf } from "../../derived-keys.server";
import type { ShopId } from "../../db.server";
import { isNewestKey, seal, unseal } from "../../shopify/token-cipher.server";

/** The columns of member that hold a birthday; `birthday` only until the upkeep has sealed it. */
export interface StoredBirthday {
  [column: string]: unknown;
  birthday: string | null;
  birthdaySealed: string | null;
}
export const BIRTHDAY_COLUMNS = `birthday, birthday_sealed AS "birthdaySealed"`;

/** What a member's row holds of a birthday ("MM-DD"). */
export function sealBirthday(shopId: ShopId, memberId: number, birthday: string): { sealed: string; key: string } {
  return { sealed: seal(birthday, place(shopId, memberId)), key: keysFor(shopId, birthday)[0] };
}

/** The birthday of a member's row; null: none is known. @throws when the key is gone or the row was altered */
export function openBirthday(shopId: ShopId, memberId: number, stored: StoredBirthday): string | null {
  return stored.birthdaySealed === null ? stored.birthday : unseal(stored.birthdaySealed, place(shopId, memberId));
}

/** Whether a row's birthday is sealed under the newest key. */
export function isBirthdayCurrent({ birthday, birthdaySealed }: StoredBirthday): boolean {
  return birthday === null && (birthdaySealed === null || isNewestKey(birthdaySealed));
}

/** What stands in `birthday_key` for these days, under every listed key: a rotation takes its time. */
export function birthdayKeys(shopId: ShopId, birthdays: readonly string[]): string[] {
  return birthdays.flatMap((each) => keysFor(shopId, each));
}
function keysFor(shopId: ShopId, birthday: string): [string, ...string[]] {
  const [newest, ...older] = macsOf("birthday", `${shopId}/${birthday}`).map((mac) => mac.toString("base64url"));
  return [newest ?? "", ...older];
}

function place(shopId: ShopId, memberId: number): string {
  return `member/${shopId}/${memberId}/birthday`;
}
