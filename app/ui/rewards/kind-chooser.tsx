// What kind of reward? Every kind with a plain line about it.
import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { RewardKind } from "../../loyalty/rewards/reward-terms";
import { RewardPicture } from "./reward-picture";

const GROUPS = [
  { group: "discounts", kinds: ["points_off", "amount_off", "percentage_off", "free_shipping", "free_product"] },
  { group: "money", kinds: ["store_credit", "gift_card"] },
  { group: "other", kinds: ["voucher", "place", "early_access", "donation"] },
] as const satisfies { group: string; kinds: RewardKind[] }[];

/** Links to an empty form of each kind. */
export function KindChooser() {
  const { t } = useTranslation();
  return (
    <BlockStack gap="400">
      {GROUPS.map(({ group, kinds }) => (
        <Card key={group}>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t(`rewards.chooser.${group}`)}
            </Text>
            <ul className="kz-kinds">
              {kinds.map((kind) => (
                <li key={kind}>
                  <Link to={`/app/rewards/new?kind=${kind}`} className="kz-choice kz-kind">
                    <RewardPicture kind={kind} url={null} alt="" />
                    <span>
                      <span className="kz-choice-name">{t(`rewards.kind.${kind}`)}</span>
                      <span className="kz-kind-about">{t(`rewards.about.${kind}`)}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </BlockStack>
        </Card>
      ))}
    </BlockStack>
  );
}
