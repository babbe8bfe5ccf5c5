// Shopify's ids exceed 2^53, so they live as text everywhere: "gid://shopify/Order/1".
const GID = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/;
const DIGITS = /^\d{1,25}$/;

/** Makes a gid from a type and a numeric id given as text (or as a number that is still exact). */
export function toGid(type: string, id: string | number): string {
  const digits = String(id);
  if (!DIGITS.test(digits)) throw new RangeError(`not a Shopify id of ${type}`);
  return `gid://shopify/${type}/${digits}`;
}

/** The numeric part of a gid as text. @throws RangeError when it is not a gid */
export function gidNumber(gid: string): string {
  const match = GID.exec(gid);
  if (!match?.[2]) throw new RangeError("not a Shopify gid");
  return match[2];
}

/** Whether `value` is a gid of that type: the gate for ids that arrive from outside. */
export function isGid(value: unknown, type: string): value is string {
  return typeof value === "string" && GID.exec(value)?.[1] === type;
}
