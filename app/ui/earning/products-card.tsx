// Products in and out: by tag, by collection, by product.
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ProductFilter } from "../../loyalty/earning-rules";
import { TokenField } from "../token-field";
import { Choice, SettingsCard, useErrorText, type EarningFormProps } from "./form-parts";
import { readShopifyId, showShopifyId } from "./shopify-id";

/** All products or only some, and those that never earn. */
export function ProductsCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  const [titles, setTitles] = useState<Record<string, string>>({});
  const learn = (known: Record<string, string>) => setTitles((before) => ({ ...before, ...known }));
  return (
    <SettingsCard title={t("earning.products.title")} lead={t("earning.products.lead")}>
      <Choice
        title={t("earning.products.question")}
        choices={(["all", "only"] as const).map((value) => ({ value, label: t(`earning.products.${value}`) }))}
        value={draft.productScope}
        onChange={(productScope) => change({ productScope })}
      />
      {draft.productScope === "only" ? (
        <FilterFields
          kind="include"
          filter={draft.include}
          titles={titles}
          learn={learn}
          error={errorText("include")}
          onChange={(include) => change({ include })}
        />
      ) : null}
      <FilterFields
        kind="exclude"
        filter={draft.exclude}
        titles={titles}
        learn={learn}
        error={errorText("exclude")}
        onChange={(exclude) => change({ exclude })}
      />
    </SettingsCard>
  );
}

interface FilterFieldsProps {
  kind: "include" | "exclude";
  filter: ProductFilter;
  titles: Record<string, string>;
  learn(titles: Record<string, string>): void;
  error: string | undefined;
  onChange(filter: ProductFilter): void;
}

function FilterFields({ kind, filter, titles, learn, error, onChange }: FilterFieldsProps) {
  const { t } = useTranslation();
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
        {t(`earning.products.${kind}`)}
      </Text>
      <TokenField
        label={t("earning.products.tags")}
        tokens={filter.tags}
        onChange={(tags) => onChange({ ...filter, tags })}
        helpText={t("earning.tag_help")}
        error={error}
      />
      <TokenField
        label={t("earning.products.collections")}
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

interface Picked {
  id: string;
  title: string;
}

// Shopify's own picker. Where it cannot open, typing an id still works, and the merchant is told so.
function useResourcePicker(): (type: "product" | "collection", chosen: string[]) => Promise<Picked[] | null> {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  return async (type, chosen) => {
    try {
      const picked = await shopify.resourcePicker({
        type,
        multiple: true,
        action: "select",
        selectionIds: chosen.map((id) => ({ id })),
      });
      return picked?.map((resource) => ({ id: resource.id, title: resource.title })) ?? null;
    } catch {
      shopify.toast.show(t("earning.products.picker_failed"), { isError: true });
      return null;
    }
  };
}
