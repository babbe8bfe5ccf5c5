// Products, collections and the shop's own settings.
import type { Id, SimCollection, SimProduct, SimShop, SimVariant } from "../state";
import { Refused, stamp, whole, type World } from "./world";

type ProductInput = Partial<
  Pick<
    SimProduct,
    "handle" | "title" | "description" | "vendor" | "productType" | "tags" | "image" | "isGiftCard" | "optionName"
  >
> & {
  variants?: (Partial<Omit<SimVariant, "id">> & { id?: Id })[];
};

/** Makes a product (no id) or changes one. @throws Refused when it does not exist or lacks a title */
export function upsertProduct(world: World, domain: string, productId: Id | null, input: ProductInput): SimProduct {
  const shop = world.shop(domain);
  const known = productId ? shop.products[productId] : null;
  if (productId && !known) throw new Refused(`${domain} has no product ${productId}`);
  if (!known && (!input.title || !input.variants?.length))
    throw new Refused("a product needs a title and at least one variant");
  const now = stamp(world);
  const { variants, ...facts } = input;
  const product: SimProduct = known ?? {
    id: world.newId(),
    handle: "",
    title: { en: "", ja: "" },
    description: { en: "", ja: "" },
    vendor: shop.name,
    productType: "",
    tags: [],
    image: "",
    variants: [],
    optionName: null,
    createdAt: now,
    updatedAt: now,
    isGiftCard: false,
  };
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) Object.assign(product, { [key]: value });
  if (!product.handle) product.handle = handleOf(product.title.en || product.id);
  if (variants) product.variants = variants.map((variant, index) => variantFrom(world, product, variant, index));
  product.updatedAt = now;
  shop.products[product.id] = product;
  world.emit({ shop: domain, topic: known ? "products/update" : "products/create", ids: { productId: product.id } });
  return product;
}

function variantFrom(world: World, product: SimProduct, input: Partial<SimVariant>, index: number): SimVariant {
  const known = product.variants.find((variant) => variant.id === input.id);
  return {
    id: known?.id ?? world.newId(),
    title: input.title ?? known?.title ?? "Default Title",
    sku: input.sku ?? known?.sku ?? `${product.handle}-${index + 1}`.toUpperCase(),
    priceMinor: whole(input.priceMinor ?? known?.priceMinor ?? 0, "a price"),
    compareAtMinor: input.compareAtMinor ?? known?.compareAtMinor ?? null,
    available: input.available ?? known?.available ?? true,
  };
}

/** "Yuzu & ginger soap" → "yuzu-ginger-soap". */
export function handleOf(title: string): string {
  return (
    title
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "item"
  );
}

/** Removes a product from the catalogue and its collections; past orders keep their lines. */
export function deleteProduct(world: World, domain: string, productId: Id): void {
  const shop = world.shop(domain);
  if (!shop.products[productId]) throw new Refused(`${domain} has no product ${productId}`);
  delete shop.products[productId];
  for (const collection of Object.values(shop.collections))
    collection.productIds = collection.productIds.filter((id) => id !== productId);
  world.emit({ shop: domain, topic: "products/delete", ids: { productId } });
}

/** Makes a collection (no id) or changes one. @throws Refused on unknown products */
export function upsertCollection(
  world: World,
  domain: string,
  collectionId: Id | null,
  input: Partial<Pick<SimCollection, "handle" | "title" | "productIds">>,
): SimCollection {
  const shop = world.shop(domain);
  const known = collectionId ? shop.collections[collectionId] : null;
  if (collectionId && !known) throw new Refused(`${domain} has no collection ${collectionId}`);
  if (!known && !input.title) throw new Refused("a collection needs a title");
  for (const id of input.productIds ?? []) if (!shop.products[id]) throw new Refused(`${domain} has no product ${id}`);
  const collection: SimCollection = known ?? {
    id: world.newId(),
    handle: "",
    title: { en: "", ja: "" },
    productIds: [],
    updatedAt: "",
  };
  for (const [key, value] of Object.entries(input))
    if (value !== undefined) Object.assign(collection, { [key]: value });
  if (!collection.handle) collection.handle = handleOf(collection.title.en);
  collection.updatedAt = stamp(world);
  shop.collections[collection.id] = collection;
  world.emit({
    shop: domain,
    topic: known ? "collections/update" : "collections/create",
    ids: { collectionId: collection.id },
  });
  return collection;
}

/** Removes a collection; its products stay. */
export function deleteCollection(world: World, domain: string, collectionId: Id): void {
  const shop = world.shop(domain);
  if (!shop.collections[collectionId]) throw new Refused(`${domain} has no collection ${collectionId}`);
  delete shop.collections[collectionId];
  world.emit({ shop: domain, topic: "collections/delete", ids: { collectionId } });
}

type ShopInput = Partial<
  Pick<
    SimShop,
    | "name"
    | "email"
    | "currency"
    | "timeZone"
    | "taxesIncluded"
    | "taxRates"
    | "shippingMinor"
    | "freeShippingFromMinor"
    | "planName"
    | "isDevelopment"
    | "presentment"
    | "locale"
  >
>;

/** Changes the shop's settings. Orders keep the currency they were placed in. */
export function updateShop(world: World, domain: string, input: ShopInput): SimShop {
  const shop = world.shop(domain);
  for (const [key, value] of Object.entries(input)) if (value !== undefined) Object.assign(shop, { [key]: value });
  world.emit({ shop: domain, topic: "shop/update", ids: {} });
  return shop;
}
