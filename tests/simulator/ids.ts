// Shopify's global ids: "gid://shopify/Order/1001".

/** Makes a gid of a type and a numeric id. */
export function gid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

/** Splits a gid; null when it is not one of Shopify's. */
export function parseGid(value: string): { type: string; id: string } | null {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/([A-Za-z0-9_-]+)(?:\?.*)?$/.exec(value);
  return match?.[1] && match[2] ? { type: match[1], id: match[2] } : null;
}
