// The shelf: rewards as cards in the order shoppers see them, with take-up and cost under each.
import { Badge, BlockStack, Button, InlineStack, Link, Text } from "@shopify/polaris";
import { ArrowDownIcon, ArrowUpIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

import { textIn } from "../../loyalty/program-parts";
import type { ShelfReward } from "../../loyalty/rewards/reward-shelf.server";
import { useFormat } from "../use-format";
import { ShopperCard } from "./shopper-card";

interface RewardShelfProps {
  title: string;
  rewards: ShelfReward[];
  donated: Record<number, number>;
  /** Null where the order does not matter. */
  onMove: ((from: number, to: number) => void) | null;
}

/** One shelf with its heading. */
export function RewardShelf({ title, rewards, donated, onMove }: RewardShelfProps) {
  return (
    <div className="kz-gutter">
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <ul className="kz-shelf">
          {rewards.map((reward, index) => (
            <li key={reward.id}>
              <ShelfCard
                reward={reward}
                donatedMinor={donated[reward.id] ?? null}
                up={onMove && index > 0 ? () => onMove(index, index - 1) : null}
                down={onMove && index < rewards.length - 1 ? () => onMove(index, index + 1) : null}
                movable={onMove !== null && rewards.length > 1}
              />
            </li>
          ))}
        </ul>
      </BlockStack>
    </div>
  );
}

interface ShelfCardProps {
  reward: ShelfReward;
  donatedMinor: number | null;
  movable: boolean;
  up: (() => void) | null;
  down: (() => void) | null;
}

function ShelfCard({ reward, donatedMinor, movable, up, down }: ShelfCardProps) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const name = textIn(reward.texts.title, locale) || t("rewards.untitled");
  return (
    <ShopperCard
      kind={reward.terms.kind}
      points={reward.points}
      title={reward.texts.title}
      description={reward.texts.description}
      picture={reward.picture}
      heading={
        <Link url={`/app/rewards/${reward.id}`} removeUnderline monochrome>
          <Text as="span" variant="headingSm">
            {name}
          </Text>
        </Link>
      }
    >
      <div className="kz-reward-facts">
        <BlockStack gap="100">
          <TakeUp reward={reward} />
          {donatedMinor === null ? null : <Donated minor={donatedMinor} />}
          {movable ? (
            <InlineStack gap="100">
              <Button
                icon={ArrowUpIcon}
                size="slim"
                variant="tertiary"
                disabled={!up}
                onClick={() => up?.()}
                accessibilityLabel={t("rewards.shelf.up", { reward: name })}
              />
              <Button
                icon={ArrowDownIcon}
                size="slim"
                variant="tertiary"
                disabled={!down}
                onClick={() => down?.()}
                accessibilityLabel={t("rewards.shelf.down", { reward: name })}
              />
            </InlineStack>
          ) : null}
        </BlockStack>
      </div>
    </ShopperCard>
  );
}

function TakeUp({ reward }: { reward: ShelfReward }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { stock, takenNow, unused, givenMinor, terms } = reward;
  const isPriced = "valueMinor" in terms || terms.kind === "points_off" || givenMinor > 0;
  return (
    <>
      <Text as="p" tone="subdued">
        {takenNow === 0
          ? t("rewards.shelf.never")
          : t("rewards.shelf.taken", { taken: format.number(takenNow), unused: format.number(unused) })}
      </Text>
      {takenNow > 0 ? (
        <Text as="p" tone="subdued">
          {isPriced ? t("rewards.shelf.cost", { amount: format.money(givenMinor) }) : t("rewards.shelf.cost_unknown")}
        </Text>
      ) : null}
      {stock === null ? null : (
        <div>
          <Badge tone={stock === 0 ? "warning" : "info"}>
            {stock === 0 ? t("rewards.shelf.none_left") : t("rewards.shelf.left", { count: stock })}
          </Badge>
        </div>
      )}
    </>
  );
}

function Donated({ minor }: { minor: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <p>{t("rewards.shelf.donated", { amount: format.money(minor) })}</p>;
}
