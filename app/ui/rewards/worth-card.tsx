// While one types: the reward as shoppers see it, what a point is worth in it, and what to be careful about.
import { Banner, BlockStack, Card, List, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { decimalFromMinor } from "../../shopify/money";
import { currencyDigits } from "../../loyalty/money";
import type { RewardDraft, RewardKind } from "../../loyalty/rewards/reward-terms";
import { useShopFacts } from "../shop-facts";
import { readWhole } from "../typed-fields";
import { useFormat } from "../use-format";
import type { RewardFields } from "./reward-fields";
import { cautionsOf, pointValueHundredths, worthOf, type Caution, type EarningRate } from "./reward-worth";
import { ShopperCard } from "./shopper-card";

interface WorthCardProps {
  fields: RewardFields;
  /** The reward while it can be read. */
  reward: RewardDraft | null;
  rate: EarningRate;
  country: string | null;
  codesLeft: number | null;
}

/** Preview, worth and cautions in one column. */
export function WorthCard({ fields, reward, rate, country, codesLeft }: WorthCardProps) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const cautions = reward ? cautionsOf(reward, { rate, country, currency, codesLeft }) : [];
  const isPicture = /^https?:\/\/\S+\.\S+/.test(fields.pictureUrl.trim());
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("rewards.form.preview")}
          </Text>
          <ShopperCard
            kind={fields.kind}
            points={readWhole(fields.points) ?? 0}
            title={fields.title}
            description={fields.description}
            picture={isPicture ? { url: fields.pictureUrl.trim(), alt: fields.pictureAlt } : null}
          />
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t("rewards.form.worth.title")}
          </Text>
          <div role="status" className="kz-worth">
            {reward ? <Worth reward={reward} rate={rate} /> : <p>{t("rewards.form.worth.unreadable")}</p>}
          </div>
        </BlockStack>
      </Card>
      {cautions.length > 0 ? (
        <Banner tone="warning">
          <Cautions cautions={cautions} />
        </Banner>
      ) : null}
    </BlockStack>
  );
}

/** What is no money, or is money only once the merchant says so; of the others the order decides. */
const NO_WORTH: Partial<Record<RewardKind, "no_amount" | "voucher">> = {
  voucher: "voucher",
  place: "no_amount",
  early_access: "no_amount",
};

function Worth({ reward, rate }: { reward: RewardDraft; rate: EarningRate }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pointWorth = usePointWorth();
  const share = useShare();
  const worth = worthOf(reward, rate);
  if (worth.valueMinor === null || worth.returnPermille === null)
    return <p>{t(`rewards.form.worth.${NO_WORTH[reward.terms.kind] ?? "unknown"}`)}</p>;
  const amount = format.money(worth.valueMinor);
  return (
    <>
      <p>
        <strong>
          {t("rewards.form.worth.equals", {
            points: t("common.points", { count: worth.points }),
            amount,
            each: pointWorth(pointValueHundredths(worth) ?? 0),
          })}
        </strong>
      </p>
      <p>
        {t("rewards.form.worth.cost", { spend: format.money(worth.spendMinor), share: share(worth.returnPermille) })}
      </p>
      {reward.terms.kind === "points_off" ? null : <p>{t("rewards.form.worth.costs_you", { amount })}</p>}
    </>
  );
}

function useShare(): (permille: number) => string {
  const { locale } = useFormat();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return (permille) => percent.format(permille / 1000);
}

// A point is often worth a fraction of the smallest unit: ¥0.83, $0.005.
function usePointWorth(): (hundredths: number) => string {
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  return (hundredths) => {
    const digits = currencyDigits(currency);
    const format = new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits + 2,
    });
    const whole = (hundredths - (hundredths % 100)) / 100;
    const fraction = String(hundredths % 100).padStart(2, "0");
    const decimal = decimalFromMinor(whole, currency);
    const exact = digits === 0 ? `${decimal}.${fraction}` : `${decimal}${fraction}`;
    return format.format(exact as Intl.StringNumericLiteral).replace("￥", "¥");
  };
}

function Cautions({ cautions }: { cautions: Caution[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useShare();
  const text = (caution: Caution) => {
    switch (caution.kind) {
      case "premium":
        return t("rewards.caution.premium", {
          limit: format.money(caution.limitMinor),
          base: format.money(caution.baseMinor),
        });
      case "generous":
        return t("rewards.caution.generous", { share: share(caution.permille) });
      default:
        return t(`rewards.caution.${caution.kind}`);
    }
  };
  if (cautions.length === 1 && cautions[0]) return <p>{text(cautions[0])}</p>;
  return (
    <List>
      {cautions.map((caution) => (
        <List.Item key={caution.kind}>{text(caution)}</List.Item>
      ))}
    </List>
  );
}
