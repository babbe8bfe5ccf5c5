// Texts and numbers as the admin's language writes them.

/** A text by its key. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  return shopify.i18n.translate(key, values);
}

/** So many points. */
export function points(count: number): string {
  return text("points", { count, formatted: shopify.i18n.formatNumber(count) });
}

/** A gain or a loss with its sign. */
export function signed(change: number): string {
  const size = shopify.i18n.formatNumber(Math.abs(change));
  return change < 0 ? `−${size}` : `+${size}`;
}
