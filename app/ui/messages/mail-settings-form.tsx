// Who writes, and which messages are on; the preview beside it follows each keystroke.
import { BlockStack, Card, Checkbox, FormLayout, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { mailSettingsSchema, type MailSettings } from "../../journeys/mail-settings";
import { SWITCHABLE_KINDS } from "../../journeys/messages";
import { DraftSaveBar } from "../draft-save-bar";
import type { FieldErrors } from "../typed-fields";
import { useDraft, type DraftAnswer } from "../use-draft";

export type MailField = "senderName" | "replyTo" | "linkPath";
/** What is typed: empty texts stand for "use the shop's own". */
export interface MailDraft extends Omit<MailSettings, "senderName" | "replyTo"> {
  senderName: string;
  replyTo: string;
}

/** The draft of saved settings. */
export function draftFromSettings(settings: MailSettings): MailDraft {
  return { ...settings, senderName: settings.senderName ?? "", replyTo: settings.replyTo ?? "" };
}
/** The settings a draft says, or the fields that cannot be read. */
export function readMailDraft(draft: MailDraft): { value: MailSettings } | { errors: FieldErrors<MailField> } {
  const parsed = mailSettingsSchema.safeParse({
    ...draft,
    senderName: draft.senderName.trim() || null,
    replyTo: draft.replyTo.trim() || null,
    linkPath: draft.linkPath.trim() || "/",
  });
  if (parsed.success) return { value: parsed.data };
  return { errors: mailErrors(parsed.error.issues.map(({ path }) => String(path[0]))) };
}
/** Fields the server refused, as errors in place. */
export function mailErrors(fields: string[]): FieldErrors<MailField> {
  const named = (["senderName", "replyTo", "linkPath"] as const).filter((field) => fields.includes(field));
  return Object.fromEntries(named.map((field) => [field, { code: "range" as const }]));
}

interface MailSettingsFormProps {
  settings: MailSettings;
  shopName: string;
  shopEmail: string | null;
  saving: boolean;
  answer: DraftAnswer<MailField> | null;
  onSave(settings: MailSettings): void;
  onSaved(): void;
  /** Shows what a member would see under the draft. */
  preview(draft: MailDraft): React.ReactNode;
}

/** The form, its save bar and the preview of what is typed. */
export function MailSettingsForm(props: MailSettingsFormProps) {
  const { settings, saving, answer, onSave, onSaved, preview } = props;
  const form = useDraft({
    initial: draftFromSettings(settings),
    read: readMailDraft,
    answer,
    onSave,
    onSaved,
  });
  return (
    <BlockStack gap="400">
      <SenderCard {...props} draft={form.draft} errors={form.errors} change={form.change} />
      <KindsCard draft={form.draft} change={form.change} />
      {preview(form.draft)}
      <DraftSaveBar
        id="messages-save-bar"
        open={form.open}
        saving={saving}
        onSave={form.save}
        onDiscard={form.discard}
      />
    </BlockStack>
  );
}

interface CardProps {
  draft: MailDraft;
  change(patch: Partial<MailDraft>): void;
}

function SenderCard({
  draft,
  errors,
  change,
  shopName,
  shopEmail,
}: CardProps & Pick<MailSettingsFormProps, "shopName" | "shopEmail"> & { errors: FieldErrors<MailField> }) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="400">
        <Heading title={t("messages.sender.title")} lead={t("messages.sender.lead")} />
        <FormLayout>
          <FormLayout.Group>
            <TextField
              label={t("messages.sender.name")}
              value={draft.senderName}
              placeholder={shopName}
              onChange={(senderName) => change({ senderName })}
              helpText={t("messages.sender.name_help")}
              error={errors.senderName ? t("messages.error.senderName") : undefined}
              autoComplete="off"
              maxLength={60}
            />
            <TextField
              label={t("messages.sender.reply_to")}
              type="email"
              value={draft.replyTo}
              placeholder={shopEmail ?? ""}
              onChange={(replyTo) => change({ replyTo })}
              helpText={t("messages.sender.reply_to_help")}
              error={errors.replyTo ? t("messages.error.replyTo") : undefined}
              autoComplete="off"
            />
          </FormLayout.Group>
          <TextField
            label={t("messages.sender.link")}
            value={draft.linkPath}
            placeholder="/"
            onChange={(linkPath) => change({ linkPath })}
            helpText={t("messages.sender.link_help")}
            error={errors.linkPath ? t("messages.error.linkPath") : undefined}
            autoComplete="off"
            maxLength={200}
          />
        </FormLayout>
      </BlockStack>
    </Card>
  );
}

function KindsCard({ draft, change }: CardProps) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="400">
        <Heading title={t("messages.kinds.title")} lead={t("messages.kinds.lead")} />
        <BlockStack gap="300">
          {SWITCHABLE_KINDS.map((kind) => (
            <Checkbox
              key={kind}
              label={t(`messages.kinds.${kind}`)}
              helpText={t(`messages.kinds.${kind}_help`)}
              checked={draft.kinds[kind]}
              onChange={(on) => change({ kinds: { ...draft.kinds, [kind]: on } })}
            />
          ))}
          <Checkbox
            label={t("messages.kinds.one_a_day")}
            helpText={t("messages.kinds.one_a_day_help")}
            checked={draft.oneADay}
            onChange={(oneADay) => change({ oneADay })}
          />
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

/** A card's title and what it is about. */
export function Heading({ title, lead }: { title: string; lead: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      <Text as="p" tone="subdued">
        {lead}
      </Text>
    </BlockStack>
  );
}
