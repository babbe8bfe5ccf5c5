// Products in and out: by tag, by collection, by product.
import { useTranslation } from "react-i18next";

import { ProductFilterFields } from "../product-filter-fields";
import { Choice, SettingsCard, useErrorText, type EarningFormProps } from "./form-parts";

/** All products or only some, and those that never earn. */
export function ProductsCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.products.title")} lead={t("earning.products.lead")}>
      <Choice
        title={t("earning.products.question")}
        choices={(["all", "only"] as const).map((value) => ({ value, label: t(`earning.products.${value}`) }))}
        value={draft.productScope}
        onChange={(productScope) => change({ productScope })}
      />
      {draft.productScope === "only" ? (
        <ProductFilterFields
          title={t("earning.products.include")}
          filter={draft.include}
          error={errorText("include")}
          onChange={(include) => change({ include })}
        />
      ) : null}
      <ProductFilterFields
        title={t("earning.products.exclude")}
        filter={draft.exclude}
        error={errorText("exclude")}
        onChange={(exclude) => change({ exclude })}
      />
    </SettingsCard>
  );
}
