// Four kinds of shops to choose from, as one group of radio buttons.
import { BlockStack, Card, InlineGrid, RadioButton, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { TEMPLATES, type TemplateId } from "../../loyalty/program-templates";

/** The choice; selecting one fills in its numbers. */
export function TemplateCards({ selected, onSelect }: { selected: TemplateId; onSelect(id: TemplateId): void }) {
  const { t } = useTranslation();
  return (
    <Card>
      <fieldset className="kz-plain-fieldset">
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            <span id="template-title">{t("wizard.template.title")}</span>
          </Text>
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            {TEMPLATES.map((id) => (
              <div key={id} className="kz-option" data-selected={id === selected}>
                <RadioButton
                  id={`template-${id}`}
                  name="template"
                  label={t(`wizard.template.${id}`)}
                  helpText={t(`wizard.template.${id}_help`)}
                  checked={id === selected}
                  onChange={() => onSelect(id)}
                />
              </div>
            ))}
          </InlineGrid>
        </BlockStack>
      </fieldset>
    </Card>
  );
}
