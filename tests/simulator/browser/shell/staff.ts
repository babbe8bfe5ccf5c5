// Who is signed in to a shop's admin.
import type { SimShop } from "../../state";
import type { Locale } from "./words";

/** The cookie that remembers who is signed in to a shop's admin. */
export const staffCookie = (shop: SimShop): string => `shell_staff_${shop.id}`;

/** Who is signed in: the member chosen, else the one whose language fits, else the first. */
export function staffFor(shop: SimShop, locale: Locale, chosenId?: string): SimShop["staff"][number] {
  const fallback = { id: "1", name: shop.name, email: shop.email, locale };
  const chosen = shop.staff.find(({ id }) => id === chosenId);
  if (chosen) return chosen;
  return shop.staff.find((member) => member.locale === locale) ?? shop.staff[0] ?? fallback;
}
