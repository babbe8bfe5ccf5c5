// What staff can do with a redemption: give it back, or say what became of one that got stuck.
import { BlockStack, ChoiceList, Modal, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ListedRedemption } from "../../loyalty/rewards/list-redemptions.server";
import { isWithdrawable } from "../../loyalty/rewards/redemption";
import { isCodeKind } from "../../loyalty/rewards/reward-terms";
import { Why } from "./redemption-table";

export const VERDICTS = ["given", "not_given", "try_again"] as const;
export type Verdict = (typeof VERDICTS)[number];

interface ModalProps {
  redemption: ListedRedemption | null;
  busy: boolean;
  onClose(): void;
}

/** Names the code and the points before anything happens. What the shop itself gave is taken back with a reason. */
export function CancelModal({
  redemption,
  busy,
  onClose,
  onCancel,
}: ModalProps & { onCancel(why: string | null): void }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState("");
  const needsWhy = redemption !== null && isWithdrawable(redemption);
  return (
    <Modal
      open={redemption !== null}
      onClose={onClose}
      title={t("redemptions.cancel_title")}
      primaryAction={{
        content: t("redemptions.cancel_action"),
        destructive: true,
        loading: busy,
        disabled: needsWhy && why.trim() === "",
        onAction: () => onCancel(needsWhy ? why : null),
      }}
      secondaryActions={[{ content: t("common.close"), onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {redemption ? <WhatHappens redemption={redemption} /> : null}
          {needsWhy ? (
            <TextField
              label={t("redemptions.withdraw.why")}
              helpText={t("redemptions.withdraw.why_help")}
              value={why}
              onChange={setWhy}
              maxLength={2_000}
              requiredIndicator
              autoComplete="off"
            />
          ) : null}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

function WhatHappens({ redemption }: { redemption: ListedRedemption }) {
  const { t } = useTranslation();
  const { kind, code } = redemption;
  const points = t("common.points", { count: redemption.points });
  if (isWithdrawable(redemption)) {
    if (kind === "voucher") return <p>{t("redemptions.withdraw.voucher", { points, code: code ?? "" })}</p>;
    return <p>{t(kind === "donation" ? "redemptions.withdraw.donation" : "redemptions.withdraw.place", { points })}</p>;
  }
  return (
    <p>{code ? t("redemptions.cancel_body", { code, points }) : t("redemptions.cancel_body_plain", { points })}</p>
  );
}

/** Three answers, each with what it means for the points. */
export function ResolveModal({
  redemption,
  busy,
  onClose,
  onResolve,
}: ModalProps & { onResolve(verdict: Verdict): void }) {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const points = t("common.points", { count: redemption?.points ?? 0 });
  return (
    <Modal
      open={redemption !== null}
      onClose={onClose}
      title={t("redemptions.resolve_title")}
      primaryAction={{
        content: t("redemptions.resolve_action"),
        loading: busy,
        disabled: verdict === null,
        onAction: () => verdict && onResolve(verdict),
      }}
      secondaryActions={[{ content: t("common.close"), onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <Text as="p" fontWeight="semibold">
            <Why why={redemption?.lastError ?? null} />
          </Text>
          <Text as="p">{t("redemptions.resolve_lead")}</Text>
          <ChoiceList
            title={t("redemptions.what_now")}
            choices={VERDICTS.map((value) => ({
              value,
              label: t(`redemptions.verdict.${value}`),
              helpText:
                value === "given" && redemption && isCodeKind(redemption.kind)
                  ? t("redemptions.verdict.given_code_help")
                  : t(`redemptions.verdict.${value}_help`, { points }),
            }))}
            selected={verdict ? [verdict] : []}
            onChange={([chosen]) => setVerdict(VERDICTS.find((each) => each === chosen) ?? null)}
          />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
