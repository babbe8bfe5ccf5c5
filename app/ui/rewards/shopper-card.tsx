// A reward as shoppers meet it: picture, name, what it takes.
import { BlockStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { textIn, type LocalizedText } from "../../loyalty/program-parts";
import type { RewardKind } from "../../loyalty/rewards/reward-terms";
import { useFormat } from "../use-format";
import { RewardPicture } from "./reward-picture";

interface ShopperCardProps {
  kind: RewardKind;
  points: number;
  title: LocalizedText;
  description: LocalizedText;
  picture: { url: string; alt: LocalizedText } | null;
  /** Instead of plain text, such as a link to the editor. */
  heading?: ReactNode;
  children?: ReactNode;
}

/** The card; what only the merchant sees goes below it. */
export function ShopperCard(props: ShopperCardProps) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const points = t("common.points", { count: props.points });
  const description = textIn(props.description, locale);
  return (
    <div className="kz-reward">
      <RewardPicture
        kind={props.kind}
        url={props.picture?.url ?? null}
        alt={props.picture ? textIn(props.picture.alt, locale) : ""}
      />
      <div className="kz-reward-body">
        <BlockStack gap="100">
          {props.heading ?? (
            <Text as="p" variant="headingSm">
              {textIn(props.title, locale) || t("rewards.untitled")}
            </Text>
          )}
          <Text as="p" fontWeight="semibold">
            {props.kind === "points_off" ? t("rewards.form.from_points", { points }) : points}
          </Text>
          {description ? <p className="kz-reward-text">{description}</p> : null}
        </BlockStack>
        {props.children}
      </div>
    </div>
  );
}
