// Products that share one list of reviews and one rating. Saved at once: there is nothing to lose by it.
import { Button, InlineStack, Tag, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { SettingsCard } from "../../earning/form-parts";
import { useResourcePicker } from "../../product-filter-fields";

export interface ShownGroup {
  groupKey: string;
  products: { productGid: string; title: string }[];
}
interface GroupsCardProps {
  groups: ShownGroup[];
  busy: boolean;
  /** `groupKey` null: a new group. Fewer than two products dissolve it. */
  onSave(groupKey: string | null, products: { productGid: string; title: string }[]): void;
}

/** The groups, and a picker for each. */
export function GroupsCard({ groups, busy, onSave }: GroupsCardProps) {
  const { t } = useTranslation();
  const pick = useResourcePicker();
  const [tooFew, setTooFew] = useState(false);
  const choose = async (group: ShownGroup | null) => {
    const picked = await pick("product", group?.products.map(({ productGid }) => productGid) ?? []);
    if (!picked) return;
    setTooFew(picked.length < 2);
    if (picked.length >= 2)
      onSave(
        group?.groupKey ?? null,
        picked.map(({ id, title }) => ({ productGid: id, title })),
      );
  };
  return (
    <SettingsCard title={t("reviews.settings.groups.title")} lead={t("reviews.settings.groups.lead")}>
      {groups.length === 0 ? (
        <Text as="p" tone="subdued">
          {t("reviews.settings.groups.empty")}
        </Text>
      ) : (
        <ul className="kz-rows">
          {groups.map((group) => (
            <li key={group.groupKey}>
              <InlineStack gap="150" wrap>
                {group.products.map(({ productGid, title }) => (
                  <Tag key={productGid}>{title}</Tag>
                ))}
              </InlineStack>
              <InlineStack gap="200" wrap={false}>
                <Button
                  onClick={() => void choose(group)}
                  disabled={busy}
                  accessibilityLabel={`${t("reviews.settings.groups.change")}: ${group.products[0]?.title ?? ""}`}
                >
                  {t("common.edit")}
                </Button>
                <Button
                  variant="tertiary"
                  onClick={() => onSave(group.groupKey, [])}
                  disabled={busy}
                  accessibilityLabel={`${t("reviews.settings.groups.dissolve")}: ${group.products[0]?.title ?? ""}`}
                >
                  {t("reviews.settings.groups.dissolve")}
                </Button>
              </InlineStack>
            </li>
          ))}
        </ul>
      )}
      <InlineStack gap="300" blockAlign="center">
        <Button onClick={() => void choose(null)} loading={busy}>
          {t("reviews.settings.groups.add")}
        </Button>
        {tooFew ? (
          <Text as="span" tone="critical">
            {t("reviews.settings.groups.too_few")}
          </Text>
        ) : (
          <Text as="span" tone="subdued">
            {t("reviews.settings.groups.moving")}
          </Text>
        )}
      </InlineStack>
    </SettingsCard>
  );
}
