// Who would move under the plan in the form: asked while it is typed, before anything is saved.
import { BlockStack, Card, Link, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { TierPlanPreview } from "../../loyalty/tiers/preview-tier-plan.server";
import { Fact } from "../fact";
import { useFormat } from "../use-format";

interface MoversCardProps {
  preview: TierPlanPreview | null;
  looking: boolean;
  /** A step's name by its id, of the plan in force or of the one typed. */
  nameOf(tierId: string | null): string;
}

/** Counts, moves by tier, some of those who would move, and what entry rewards would come to. */
export function MoversCard({ preview, looking, nameOf }: MoversCardProps) {
  const { t } = useTranslation();
  return (
    <Card>
      <div className="kz-movers" aria-live="polite" aria-busy={looking}>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("tiers.preview.title")}
          </Text>
          {preview ? <Moves preview={preview} nameOf={nameOf} /> : null}
          {!preview && looking ? (
            <>
              <Text as="p" tone="subdued">
                {t("tiers.preview.looking")}
              </Text>
              <SkeletonBodyText lines={4} />
            </>
          ) : null}
          {!preview && !looking ? (
            <Text as="p" tone="subdued">
              {t("tiers.preview.waiting")}
            </Text>
          ) : null}
        </BlockStack>
      </div>
    </Card>
  );
}

function Moves({ preview, nameOf }: { preview: TierPlanPreview; nameOf: MoversCardProps["nameOf"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const moves = preview.byTier.filter(({ from, to }) => from !== to);
  const move = (from: string | null, to: string | null) =>
    t("tiers.preview.move", { from: nameOf(from), to: nameOf(to) });
  return (
    <>
      <Text as="p" variant="bodySm" tone="subdued">
        {t("tiers.preview.at", { date: format.dateTime(preview.at) })}
      </Text>
      <dl className="kz-facts">
        {(["up", "down", "same"] as const).map((way) => (
          <Fact key={way} name={t(`tiers.preview.${way}`)}>
            {format.number(preview[way])}
          </Fact>
        ))}
      </dl>
      {preview.entryPoints > 0 ? <Text as="p">{t("tiers.preview.entry", { count: preview.entryPoints })}</Text> : null}
      {moves.length === 0 ? <Text as="p">{t("tiers.preview.nobody")}</Text> : null}
      {moves.length > 0 ? (
        <>
          <Text as="h3" variant="headingSm">
            {t("tiers.preview.moves")}
          </Text>
          <dl className="kz-facts">
            {moves.map(({ from, to, count }) => (
              <Fact key={`${from}/${to}`} name={move(from, to)}>
                {format.number(count)}
              </Fact>
            ))}
          </dl>
          <Text as="h3" variant="headingSm">
            {t("tiers.preview.some")}
          </Text>
          <ul className="kz-rows">
            {preview.movers.map(({ memberId, name, from, to }) => (
              <li key={memberId}>
                <Link url={`/app/members/${memberId}`} removeUnderline>
                  {name || t("members.no_name")}
                </Link>
                <Text as="span" variant="bodySm" tone="subdued">
                  {move(from, to)}
                </Text>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
