// The answer to the page's one question: what does an order of this much earn, and why?
import { BlockStack, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useShopFacts } from "../shop-facts";
import { readAmount } from "../typed-fields";
import { useFormat } from "../use-format";
import { currencySign } from "./form-parts";

export interface ExampleAnswer {
  points: number;
  /** Why, in the reader's language. */
  because: string;
}

interface WorkedExampleProps {
  amount: string;
  onAmount(amount: string): void;
  /** Null while the settings below cannot be read. */
  answer: ExampleAnswer | null;
}

/** The hero of the page; it follows each keystroke of the settings and of its own amount. */
export function WorkedExample({ amount, onAmount, answer }: WorkedExampleProps) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  const readable = readAmount(amount, currency) !== null;
  return (
    <Card>
      <InlineStack gap="600" blockAlign="center" wrap>
        <div className="kz-example-amount">
          <TextField
            label={t("earning.example.amount")}
            value={amount}
            onChange={onAmount}
            prefix={currencySign(currency, locale)}
            inputMode="decimal"
            autoComplete="off"
            error={readable ? undefined : t("earning.error.amount")}
          />
        </div>
        <div className="kz-example-answer" role="status">
          {answer ? (
            <BlockStack gap="100">
              <Text as="p" tone="subdued">
                {t("earning.example.earns")}
              </Text>
              <p className="kz-hero-points">{t("common.points", { count: answer.points })}</p>
              <Text as="p">{answer.because}</Text>
            </BlockStack>
          ) : (
            <Text as="p" tone="subdued">
              {t("earning.example.unreadable")}
            </Text>
          )}
        </div>
      </InlineStack>
    </Card>
  );
}
