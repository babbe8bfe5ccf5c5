// Who may write without an invitation, with what, and under which name.
import { Checkbox, FormLayout } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { Choice, NumberField, SettingsCard } from "../../earning/form-parts";
import type { CardProps } from "./card-props";

/** Open reviews, names and media. */
export function WritingCard({ draft, errorText, change }: CardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("reviews.settings.writing.title")} lead={t("reviews.settings.writing.lead")}>
      <Choice
        title={t("reviews.settings.writing.open")}
        choices={(["nobody", "signed_in", "everyone"] as const).map((value) => ({
          value,
          label: t(`reviews.settings.writing.${value}`),
          helpText: t(`reviews.settings.writing.${value}_help`),
        }))}
        value={draft.open}
        onChange={(open) => change({ open })}
      />
      <Choice
        title={t("reviews.settings.writing.names")}
        choices={(["full", "short", "initials"] as const).map((value) => ({
          value,
          label: t(`reviews.settings.writing.${value}`),
          helpText: t(`reviews.settings.writing.${value}_help`),
        }))}
        value={draft.names}
        onChange={(names) => change({ names })}
      />
      <FormLayout>
        <Checkbox
          label={t("reviews.settings.writing.photos")}
          checked={draft.photos}
          onChange={(photos) => change({ photos })}
        />
        <Checkbox
          label={t("reviews.settings.writing.videos")}
          checked={draft.videos}
          onChange={(videos) => change({ videos })}
        />
        <FormLayout.Group>
          <NumberField
            label={t("reviews.settings.writing.quota")}
            helpText={t("reviews.settings.writing.quota_help")}
            suffix={t("reviews.settings.megabytes")}
            value={draft.quota}
            onChange={(quota) => change({ quota })}
            error={errorText("quota")}
          />
        </FormLayout.Group>
      </FormLayout>
    </SettingsCard>
  );
}
