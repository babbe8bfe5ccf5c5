// What a campaign would cost, worked out on demand from the shop's own orders.
import { Banner, Button, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { CampaignCost } from "../../loyalty/campaigns/preview-cost.server";
import { formatMinor } from "../../loyalty/money";
import { SettingsCard } from "../earning/form-parts";
import { useFormat } from "../use-format";

interface CostCardProps {
  /** The campaign as typed can be read. */
  ready: boolean;
  busy: boolean;
  cost: CampaignCost | null;
  failed: boolean;
  onAsk(): void;
}

/** A button, and the answer with how it was found. */
export function CostCard({ ready, busy, cost, failed, onAsk }: CostCardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("campaigns.cost.title")} lead={t("campaigns.cost.lead")}>
      <div>
        <Button onClick={onAsk} loading={busy} disabled={!ready}>
          {t(cost ? "campaigns.cost.again" : "campaigns.cost.action")}
        </Button>
      </div>
      <div role="status">
        {cost ? <Cost cost={cost} /> : null}
        {failed ? (
          <Banner tone="warning">
            <p>{t("campaigns.cost.failed")}</p>
          </Banner>
        ) : null}
      </div>
    </SettingsCard>
  );
}

function Cost({ cost }: { cost: CampaignCost }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { liability, replayed, orders, points } = cost;
  return (
    <>
      <p className="kz-figure">
        {t("campaigns.cost.points", {
          points: t("common.points", { count: points }),
          days: t("campaigns.cost.days", { count: cost.days }),
        })}
      </p>
      {liability ? (
        <Text as="p">
          {t("campaigns.cost.liability", {
            amount: formatMinor(liability.minor, liability.currency, format.locale),
          })}
        </Text>
      ) : null}
      <Text as="p" tone="subdued">
        {orders === 0
          ? t("campaigns.cost.none")
          : t("campaigns.cost.how", {
              count: replayed,
              days: t("campaigns.cost.days", { count: cost.pastDays }),
            })}
        {replayed < orders ? ` ${t("campaigns.cost.partial", { all: format.number(orders) })}` : ""}
      </Text>
    </>
  );
}
