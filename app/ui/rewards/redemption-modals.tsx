// What staff can do with a redemption: give it back, or say what became of one that got stuck.
import { BlockStack, ChoiceList, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ListedRedemption } from "../../loyalty/rewards/list-redemptions.server";
import { isCodeKind } from "../../loyalty/rewards/reward-terms";
import { Why } from "./redemption-table";

export const VERDICTS = ["given", "not_given", "try_again"] as const;
export type Verdict = (typeof VERDICTS)[number];

interface ModalProps {
  redemption: ListedRedemption | null;
  busy: boolean;
  onClose(): void;
}

/** Names the code and the points before anything happens. */
export function CancelModal({ redemption, busy, onClose, onCancel }: ModalProps & { onCancel(): void }) {
  const { t } = useTranslation();
  const points = t("common.points", { count: redemption?.points ?? 0 });
  return (
    <Modal
      open={redemption !== null}
      onClose={onClose}
      title={t("redemptions.cancel_title")}
      primaryAction={{ content: t("redemptions.cancel_action"), destructive: true, loading: busy, onAction: onCancel }}
      secondaryActions={[{ content: t("common.close"), onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <p>
          {redemption?.code
            ? t("redemptions.cancel_body", { code: redemption.code, points })
            : t("redemptions.cancel_body_plain", { points })}
        </p>
      </Modal.Section>
    </Modal>
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
