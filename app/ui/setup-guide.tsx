// What is left before shoppers see the program: five steps, each checked by us, gone when done.
import { Badge, BlockStack, Button, Card, Icon, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { CheckCircleIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

export type SetupStepName = "rules" | "live" | "block" | "history" | "first_order";

export interface SetupStep {
  name: SetupStepName;
  done: boolean;
  /** Where the step is taken; null when it happens by itself. */
  url: string | null;
}

interface SetupGuideProps {
  steps: SetupStep[];
  dismissing: boolean;
  onDismiss(): void;
}

/** The guide; the first open step alone carries a button. */
export function SetupGuide({ steps, dismissing, onDismiss }: SetupGuideProps) {
  const { t } = useTranslation();
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done)?.name;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="start" gap="200">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t("home.setup.title")}
            </Text>
            <Text as="p" tone="subdued">
              <span id="setup-progress">{t("home.setup.progress", { done, total: steps.length })}</span>
            </Text>
          </BlockStack>
          <Button variant="tertiary" onClick={onDismiss} loading={dismissing}>
            {t("home.setup.dismiss")}
          </Button>
        </InlineStack>
        <ProgressBar
          progress={(done / steps.length) * 100}
          size="small"
          tone="success"
          ariaLabelledBy="setup-progress"
        />
        <BlockStack gap="400" as="ol">
          {steps.map((step) => (
            <Step key={step.name} step={step} current={step.name === next} />
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function Step({ step, current }: { step: SetupStep; current: boolean }) {
  const { t } = useTranslation();
  return (
    <li className="kz-step">
      {step.done ? (
        <Icon source={CheckCircleIcon} tone="success" />
      ) : (
        <span className="kz-open-step" aria-hidden="true" />
      )}
      <BlockStack gap="200" inlineAlign="start">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm" fontWeight={current ? "semibold" : "medium"}>
            {t(`home.setup.${step.name}.title`)}
          </Text>
          {step.done ? <Badge tone="success">{t("home.setup.done")}</Badge> : null}
        </InlineStack>
        {current ? (
          <>
            <Text as="p" tone="subdued">
              {t(`home.setup.${step.name}.body`)}
            </Text>
            {step.url && step.name !== "first_order" ? (
              <Button url={step.url} {...(step.url.startsWith("/") ? {} : { target: "_top" as const })}>
                {t(`home.setup.${step.name}.action`)}
              </Button>
            ) : null}
          </>
        ) : null}
      </BlockStack>
    </li>
  );
}
