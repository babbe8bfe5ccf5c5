// Every campaign, the newest window first, with what it gave so far.
import { Badge, BlockStack, Card, IndexTable, Link, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn, type Campaign } from "../../loyalty/program-parts";
import { TimeText } from "../time-text";
import { useFormat } from "../use-format";
import { showTimes } from "./campaign-draft";
import type { CampaignState } from "./campaign-plan";

export interface ListedCampaign {
  campaign: Campaign;
  state: CampaignState;
  points: number;
  orders: number;
}

const TONES: Record<CampaignState, BadgeProps["tone"]> = {
  planned: "info",
  running: "success",
  ended: undefined,
  off: undefined,
  budget_used: "attention",
};

/** The state of a campaign in words and colour. */
export function CampaignBadge({ state }: { state: CampaignState }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state]}>{t(`campaigns.state.${state}`)}</Badge>;
}

/** The table. */
export function CampaignList({ campaigns }: { campaigns: ListedCampaign[] }) {
  const { t } = useTranslation();
  return (
    <Card padding="0">
      <IndexTable
        selectable={false}
        itemCount={campaigns.length}
        resourceName={{ singular: t("campaigns.column.name"), plural: t("campaigns.title") }}
        headings={[
          { title: t("campaigns.column.name") },
          { title: t("campaigns.column.state") },
          { title: t("campaigns.column.window") },
          { title: t("campaigns.column.effect") },
          { title: t("campaigns.column.granted") },
        ]}
      >
        {campaigns.map((listed, index) => (
          <Row key={listed.campaign.id} listed={listed} index={index} />
        ))}
      </IndexTable>
    </Card>
  );
}

function Row({ listed, index }: { listed: ListedCampaign; index: number }) {
  const { campaign, state, points, orders } = listed;
  const { t } = useTranslation();
  const format = useFormat();
  const { effect, caps } = campaign;
  return (
    <IndexTable.Row id={campaign.id} position={index}>
      <IndexTable.Cell>
        <Link url={`/app/program/campaigns/${campaign.id}`} dataPrimaryLink removeUnderline monochrome>
          <Text as="span" fontWeight="semibold">
            <span className="kz-name">{textIn(campaign.name, format.locale) || t("campaigns.unnamed")}</span>
          </Text>
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <CampaignBadge state={state} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <BlockStack>
          <TimeText at={campaign.from} />
          <span>
            {"– "}
            <TimeText at={campaign.until} />
          </span>
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {effect.kind === "multiplier"
          ? t("campaigns.effect.multiplier", { times: showTimes(effect.percent) })
          : t("campaigns.effect.bonus", { points: t("common.points", { count: effect.points }) })}
      </IndexTable.Cell>
      <IndexTable.Cell>
        <BlockStack>
          <span>
            {points === 0
              ? t("campaigns.nothing_granted")
              : t("campaigns.granted", {
                  points: t("common.points", { count: points }),
                  orders: format.number(orders),
                })}
          </span>
          {caps.budget === null ? null : (
            <Text as="span" tone="subdued" variant="bodySm">
              {t("campaigns.of_budget", { budget: t("common.points", { count: caps.budget }) })}
            </Text>
          )}
        </BlockStack>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}
