// A member's balance as one bar: what can be used now (by when it expires), what unused
// rewards hold, and what is still pending.
import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormat } from "./use-format";

export interface OpenLot {
  remaining: number;
  state: "pending" | "available";
  expiresAt: Date | string | null;
}

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

export type BalancePart = "soon" | "later" | "never" | "reserved" | "pending";

/**
 * The open lots summed by what a person would ask: expiring soon, later, never; pending. What unused rewards
 * hold has left its lots and comes from the balance.
 */
export function partsOfBalance(lots: OpenLot[], reserved: number, now: Date): Record<BalancePart, number> {
  const parts: Record<BalancePart, number> = { soon: 0, later: 0, never: 0, reserved, pending: 0 };
  for (const lot of lots) parts[partOf(lot, now)] += lot.remaining;
  return parts;
}

function partOf(lot: OpenLot, now: Date): Exclude<BalancePart, "reserved"> {
  if (lot.state === "pending") return "pending";
  if (lot.expiresAt === null) return "never";
  return new Date(lot.expiresAt).getTime() - now.getTime() <= SOON_DAYS * DAY_MS ? "soon" : "later";
}

const ORDER: BalancePart[] = ["soon", "later", "never", "reserved", "pending"];

/** The bar with its legend in words and numbers. */
export function BalanceBar({ lots, reserved, now }: { lots: OpenLot[]; reserved: number; now: Date }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = partsOfBalance(lots, reserved, now);
  const shown = ORDER.filter((part) => parts[part] > 0);
  return (
    <BlockStack gap="200">
      <div className="kz-bar" aria-hidden="true">
        {shown.map((part) => (
          <span key={part} className={`kz-tone-${part}`} style={{ flexGrow: parts[part] }} />
        ))}
      </div>
      <InlineStack gap="400">
        {shown.map((part) => (
          <InlineStack key={part} gap="150" blockAlign="center" wrap={false}>
            <span className={`kz-swatch kz-tone-${part}`} aria-hidden="true" />
            <Text as="span" variant="bodySm">
              {t(`member.balance.${part}`, { points: format.number(parts[part]) })}
            </Text>
          </InlineStack>
        ))}
        {shown.length === 0 ? (
          <Text as="span" variant="bodySm" tone="subdued">
            {t("member.balance.empty")}
          </Text>
        ) : null}
      </InlineStack>
    </BlockStack>
  );
}
