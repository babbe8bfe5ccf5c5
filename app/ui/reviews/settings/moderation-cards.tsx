// What a person looks at before shoppers do, who is helped, and answers that are given often.
import { BlockStack, Button, Checkbox, FormLayout, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { SavedReply } from "../../../reviews/review-settings";
import { Choice, NumberField, SettingsCard } from "../../earning/form-parts";
import { TokenField } from "../../token-field";
import type { CardProps } from "./card-props";
import { newKey, readEmail } from "./review-draft";

const WORDS_MAX = 500;
const REPLIES_MAX = 20;

/** Rules by wording; no rule knows the stars. */
export function ModerationCard({ draft, errorText, change }: CardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("reviews.settings.moderation.title")} lead={t("reviews.settings.moderation.lead")}>
      <Choice
        title={t("reviews.settings.moderation.publish")}
        choices={(["when_clean", "after_a_look"] as const).map((value) => ({
          value,
          label: t(`reviews.settings.moderation.${value}`),
          helpText: t(`reviews.settings.moderation.${value}_help`),
        }))}
        value={draft.publish}
        onChange={(publish) => change({ publish })}
      />
      <TokenField
        label={t("reviews.settings.moderation.words")}
        helpText={t("reviews.settings.moderation.words_help")}
        tokens={draft.words}
        onChange={(words) => change({ words: words.slice(0, WORDS_MAX) })}
        read={(text) => text.trim().slice(0, 60) || null}
        error={errorText("words")}
      />
      <Checkbox
        label={t("reviews.settings.moderation.mild")}
        helpText={t("reviews.settings.moderation.mild_help")}
        checked={draft.mildProfanity}
        onChange={(mildProfanity) => change({ mildProfanity })}
      />
      <Checkbox
        label={t("reviews.settings.moderation.claims")}
        helpText={t("reviews.settings.moderation.claims_help")}
        checked={draft.claims}
        onChange={(claims) => change({ claims })}
      />
      <TokenField
        label={t("reviews.settings.moderation.staff")}
        helpText={t("reviews.settings.moderation.staff_help")}
        tokens={draft.staffEmails}
        onChange={(staffEmails) => change({ staffEmails })}
        read={readEmail}
        unreadable={t("reviews.settings.moderation.bad_email")}
        error={errorText("staffEmails")}
      />
    </SettingsCard>
  );
}

/** Tasks for low ratings. */
export function TasksCard({ draft, errorText, change }: CardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("reviews.settings.tasks.title")} lead={t("reviews.settings.tasks.lead")}>
      <Checkbox
        label={t("reviews.settings.tasks.enabled")}
        checked={draft.tasks}
        onChange={(tasks) => change({ tasks })}
      />
      {draft.tasks ? (
        <FormLayout>
          <FormLayout.Group>
            <Select
              label={t("reviews.settings.tasks.up_to")}
              options={[1, 2, 3, 4].map((count) => ({
                value: String(count),
                label: t("reviews.settings.tasks.up_to_stars", { count }),
              }))}
              value={String(draft.upToStars)}
              onChange={(stars) => change({ upToStars: Number(stars) })}
            />
            <NumberField
              label={t("reviews.settings.tasks.hours")}
              suffix={t("reviews.settings.hours")}
              value={draft.answerHours}
              onChange={(answerHours) => change({ answerHours })}
              error={errorText("answerHours")}
            />
          </FormLayout.Group>
        </FormLayout>
      ) : null}
    </SettingsCard>
  );
}

/** Public answers that are written once. */
export function RepliesCard({ draft, errorText, change }: CardProps) {
  const { t } = useTranslation();
  const replies = draft.savedReplies;
  const set = (id: string, patch: Partial<SavedReply>) =>
    change({ savedReplies: replies.map((reply) => (reply.id === id ? { ...reply, ...patch } : reply)) });
  return (
    <SettingsCard title={t("reviews.settings.replies.title")} lead={t("reviews.settings.replies.lead")}>
      {replies.length === 0 ? (
        <Text as="p" tone="subdued">
          {t("reviews.settings.replies.empty")}
        </Text>
      ) : null}
      {replies.map(({ id, name, text }) => (
        <div key={id} className="kz-option">
          <BlockStack gap="300">
            <TextField
              label={t("reviews.settings.replies.name")}
              value={name}
              onChange={(typed) => set(id, { name: typed })}
              autoComplete="off"
              maxLength={60}
              error={errorText(`reply.${id}.name`)}
            />
            <TextField
              label={t("reviews.settings.replies.text")}
              value={text}
              onChange={(typed) => set(id, { text: typed })}
              multiline={3}
              autoComplete="off"
              maxLength={2_000}
              error={errorText(`reply.${id}.text`)}
            />
            <InlineStack align="end">
              <Button
                variant="tertiary"
                onClick={() => change({ savedReplies: replies.filter((reply) => reply.id !== id) })}
                accessibilityLabel={t("reviews.settings.remove", {
                  name: name || t("reviews.settings.replies.unnamed"),
                })}
              >
                {t("common.remove")}
              </Button>
            </InlineStack>
          </BlockStack>
        </div>
      ))}
      <InlineStack>
        <Button
          onClick={() => change({ savedReplies: [...replies, { id: newKey(), name: "", text: "" }] })}
          disabled={replies.length >= REPLIES_MAX}
        >
          {t("reviews.settings.replies.add")}
        </Button>
      </InlineStack>
    </SettingsCard>
  );
}
