// How a seeded catalogue is written down, and how it becomes state.
import { handleOf } from "../orders/catalogue";
import type { Id, SimShop } from "../state";

/** handle-making English title, Japanese title, type, price, tags, variants (title → price), descriptions. */
export interface CatalogueItem {
  en: string;
  ja: string;
  type: string;
  price: number;
  compareAt?: number;
  tags: string[];
  /** Option name and its values with their own prices (and Japanese names); none: one variant. */
  options?: { name: string; ja?: string; values: [en: string, price: number, ja?: string][] };
  soldOut?: string[];
  about: { en: string; ja: string };
  vendor: string;
}
export interface CatalogueCollection {
  handle: string;
  en: string;
  ja: string;
  /** Products by tag. */
  tag: string;
}

/** "soap" of kinari-tokyo.myshopify.com → /images/kinari-tokyo/soap.svg */
function imagePath(domain: string, handle: string): string {
  return `/images/${domain.replace(".myshopify.com", "")}/${handle}.svg`;
}

/** Fills a shop with products and collections made at the given instant. */
export function stockShop(
  shop: SimShop,
  newId: () => Id,
  at: string,
  items: CatalogueItem[],
  collections: CatalogueCollection[],
): void {
  for (const item of items) {
    const id = newId();
    const handle = handleOf(item.en);
    const values: [string, number, string?][] = item.options?.values ?? [["Default Title", item.price]];
    shop.products[id] = {
      id,
      handle,
      title: { en: item.en, ja: item.ja },
      description: item.about,
      vendor: item.vendor,
      productType: item.type,
      tags: item.tags,
      image: imagePath(shop.domain, handle),
      optionName: item.options?.name ?? null,
      ...(item.options?.ja ? { optionNameJa: item.options.ja } : {}),
      variants: values.map(([title, priceMinor, titleJa], index) => ({
        id: newId(),
        title,
        ...(titleJa ? { titleJa } : {}),
        sku: `${handle.slice(0, 12).toUpperCase().replace(/-/g, "")}-${String(index + 1).padStart(2, "0")}`,
        barcode: inStoreBarcode(Object.keys(shop.products).length * 20 + index),
        priceMinor,
        compareAtMinor: item.compareAt ?? null,
        available: !item.soldOut?.includes(title),
      })),
      createdAt: at,
      updatedAt: at,
      isGiftCard: item.type === "Gift card",
    };
  }
  for (const { handle, en, ja, tag } of collections) {
    const id = newId();
    const productIds = Object.values(shop.products)
      .filter((product) => product.tags.includes(tag))
      .map((product) => product.id);
    shop.collections[id] = { id, handle, title: { en, ja }, productIds, updatedAt: at };
  }
}

// EAN-13 numbers beginning with 20 are free for use inside a business.
function inStoreBarcode(number: number): string {
  const digits = `20${String(number).padStart(10, "0")}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 1 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
