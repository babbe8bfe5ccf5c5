// A set of products: by tag, by collection, by product.
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ProductFilter } from "../loyalty/earning-rules";
import { readShopifyId, showShopifyId } from "./earning/shopify-id";
import { TokenField } from "./token-field";

interface ProductFilterFieldsProps {
  title: string;
  filter: ProductFilter;
  error: string | undefined;
  /** false: only collections and products, as for Shopify's own discounts. */
  byTag?: boolean;
  onChange(filter: ProductFilter): void;
}

/** Tags, collections and products, typed or picked. */
export function ProductFilterFields({ title, filter, error, byTag = true, onChange }: ProductFilterFieldsProps) {
  const { t } = useTranslation();
  const [titles, setTitles] = useState<Record<string, string>>({});
  const learn = (known: Record<string, string>) => setTitles((before) => ({ ...before, ...known }));
  const pick = useResourcePicker();
  const show = (gid: string) => titles[gid] ?? showShopifyId(gid);
  const browse = async (type: "product" | "collection", key: "productIds" | "collectionIds") => {
    const picked = await pick(type, filter[key]);
    if (!picked) return;
    learn(Object.fromEntries(picked.map((resource) => [resource.id, resource.title])));
    onChange({ ...filter, [key]: picked.map((resource) => resource.id) });
  };
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      {byTag ? (
        <TokenField
          label={t("earning.products.tags")}
          tokens={filter.tags}
          onChange={(tags) => onChange({ ...filter, tags })}
          helpText={t("earning.tag_help")}
          error={error}
        />
      ) : null}
      <TokenField
        label={t("earning.products.collections")}
        error={byTag ? undefined : error}
        tokens={filter.collectionIds}
        onChange={(collectionIds) => onChange({ ...filter, collectionIds })}
        read={(text) => readShopifyId(text, "Collection")}
        show={show}
        unreadable={t("earning.error.id")}
        placeholder={t("earning.products.id_placeholder")}
        action={{ content: t("earning.products.browse"), onAction: () => void browse("collection", "collectionIds") }}
      />
      <TokenField
        label={t("earning.products.products")}
        tokens={filter.productIds}
        onChange={(productIds) => onChange({ ...filter, productIds })}
        read={(text) => readShopifyId(text, "Product")}
        show={show}
        unreadable={t("earning.error.id")}
        placeholder={t("earning.products.id_placeholder")}
        action={{ content: t("earning.products.browse"), onAction: () => void browse("product", "productIds") }}
      />
    </BlockStack>
  );
}

export interface Picked {
  id: string;
  title: string;
  /** Of a product: its first picture and its first variant's price, where it has them. */
  image: string | null;
  price: string | null;
}

// Where the picker cannot open, typing an id still works, and the merchant is told so.
/** Opens Shopify's picker and answers what was chosen; null when it was left or could not open. */
export function useResourcePicker(): (
  type: "product" | "collection",
  chosen: string[],
  multiple?: boolean,
) => Promise<Picked[] | null> {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  return async (type, chosen, multiple = true) => {
    try {
      const picked = await shopify.resourcePicker({
        type,
        multiple,
        action: "select",
        selectionIds: chosen.map((id) => ({ id })),
      });
      return picked?.map(readPicked) ?? null;
    } catch {
      shopify.toast.show(t("earning.products.picker_failed"), { isError: true });
      return null;
    }
  };
}

function readPicked(resource: object & { id: string; title: string }): Picked {
  const { images, variants } = resource as {
    images?: { originalSrc?: string }[];
    variants?: { price?: string }[];
  };
  return {
    id: resource.id,
    title: resource.title,
    image: images?.[0]?.originalSrc ?? null,
    price: variants?.[0]?.price ?? null,
  };
}
