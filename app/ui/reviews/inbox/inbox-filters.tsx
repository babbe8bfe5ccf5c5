// Which reviews: tabs for why they wait, then words, reason and product. Stars are no filter.
import { Link } from "@remix-run/react";
import { Button, Select, Tag } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { COUNTED_MAX, type QueueCounts } from "../../../reviews/moderation/queue";
import { FINDING_KINDS } from "../../../reviews/moderation/findings";
import { REVIEW_STATUSES } from "../../../reviews/review-content";
import { gidNumber } from "../../../shopify/gid";
import { useResourcePicker } from "../../product-filter-fields";
import { useCurrentInSight } from "../../use-current-in-sight";
import { useFormat } from "../../use-format";
import { SearchField } from "../search-field";
import { useListAddress } from "../use-list-address";
import { countOf, KEPT, TABS, type InboxAddress } from "./inbox-views";

interface InboxFiltersProps {
  address: InboxAddress;
  counts: QueueCounts;
  productTitle: string;
}

/** Tabs, search and filters. */
export function InboxFilters(props: InboxFiltersProps) {
  const { address } = props;
  const { t } = useTranslation();
  const list = useListAddress(KEPT);
  return (
    <div className="kz-inbox-tools">
      <InboxTabs {...props} />
      <div className="kz-inbox-filters">
        <SearchField
          key={address.q}
          label={t("reviews.inbox.search")}
          value={address.q}
          onSearch={(q) => list.open({ q: q || null })}
        />
        {address.tab === "all" ? (
          <Select
            label={t("reviews.inbox.status")}
            labelHidden
            options={[
              { value: "", label: t("reviews.inbox.any_status") },
              ...REVIEW_STATUSES.filter((status) => status !== "deleted").map((value) => ({
                value,
                label: t(`reviews.status.${value}`),
              })),
            ]}
            value={address.status ?? ""}
            onChange={(status) => list.open({ status: status || null })}
          />
        ) : null}
        <Select
          label={t("reviews.inbox.reason")}
          labelHidden
          options={[
            { value: "", label: t("reviews.inbox.any_reason") },
            ...FINDING_KINDS.map((value) => ({ value, label: t(`reviews.hold.finding.${value}`) })),
          ]}
          value={address.kind ?? ""}
          onChange={(kind) => list.open({ kind: kind || null })}
        />
        <ProductFilter {...props} />
      </div>
    </div>
  );
}

function InboxTabs({ address, counts }: InboxFiltersProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useListAddress(["product", "q"]);
  const row = useCurrentInSight(address.tab);
  const written = (count: number) => (count >= COUNTED_MAX ? `${format.number(COUNTED_MAX)}+` : format.number(count));
  return (
    <nav ref={row} className="kz-tabs" aria-label={t("reviews.inbox.filters")}>
      <ul>
        {TABS.map((tab) => {
          const count = countOf(tab, counts);
          return (
            <li key={tab}>
              <Link
                to={list.address({ tab: tab === "needs_you" ? null : tab })}
                preventScrollReset
                aria-current={tab === address.tab ? "page" : undefined}
              >
                {t(`reviews.inbox.tab.${tab}`)}
                {count ? <span className="kz-tab-count">{written(count)}</span> : null}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function ProductFilter({ address, productTitle }: InboxFiltersProps) {
  const { t } = useTranslation();
  const list = useListAddress(KEPT);
  const pick = useResourcePicker();
  if (address.product) {
    const name = productTitle || `#${address.product}`;
    return (
      <Tag
        accessibilityLabel={t("reviews.inbox.clear_product", { product: name })}
        onRemove={() => list.open({ product: null })}
      >
        {name}
      </Tag>
    );
  }
  const choose = async () => {
    const [product] = (await pick("product", [], false)) ?? [];
    if (product) list.open({ product: gidNumber(product.id) });
  };
  return <Button onClick={() => void choose()}>{t("reviews.inbox.choose_product")}</Button>;
}
