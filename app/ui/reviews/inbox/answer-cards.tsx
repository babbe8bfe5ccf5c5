// Three ways to answer: in public below the review, in private by mail, and among staff.
import { BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { SavedReply } from "../../../reviews/review-settings";
import { useFormat } from "../../use-format";
import type { Pane } from "./inbox-views";

const REPLY_MAX = 2_000;
const MESSAGE_MAX = 4_000;
/** The field of the public reply: a key puts the cursor into it. */
export const REPLY_FIELD = "review-reply";

interface ReplyCardProps {
  review: Pane["review"];
  savedReplies: SavedReply[];
  nameOf(actor: string): string;
  busy: boolean;
  onReply(text: string): void;
}

/** The public answer, with the shop's saved ones a click away. */
export function ReplyCard({ review, savedReplies, nameOf, busy, onReply }: ReplyCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const before = review.reply?.text ?? "";
  const [text, setText] = useState(before);
  useEffect(() => setText(before), [before]);
  if (review.status !== "published")
    return (
      <Section title={t("reviews.reply.title")}>
        <Text as="p" tone="subdued">
          {t("reviews.reply.only_published")}
        </Text>
      </Section>
    );
  return (
    <Section title={t("reviews.reply.title")}>
      {savedReplies.length > 0 ? (
        <InlineStack gap="150" wrap blockAlign="center">
          <Text as="span" tone="subdued" variant="bodySm">
            {t("reviews.reply.saved")}
          </Text>
          {savedReplies.map((reply) => (
            <Button key={reply.id} size="micro" onClick={() => setText(reply.text)}>
              {reply.name}
            </Button>
          ))}
        </InlineStack>
      ) : null}
      <TextField
        id={REPLY_FIELD}
        label={t("reviews.reply.label")}
        labelHidden
        value={text}
        onChange={setText}
        multiline={3}
        maxLength={REPLY_MAX}
        autoComplete="off"
        helpText={t("reviews.reply.help")}
      />
      <InlineStack gap="300" blockAlign="center" wrap>
        <Button disabled={text.trim() === "" || text === before} loading={busy} onClick={() => onReply(text)}>
          {t(before ? "reviews.reply.change" : "reviews.reply.publish")}
        </Button>
        {review.reply ? (
          <>
            <Button variant="tertiary" tone="critical" disabled={busy} onClick={() => onReply("")}>
              {t("reviews.reply.remove")}
            </Button>
            <Text as="span" tone="subdued" variant="bodySm">
              <span suppressHydrationWarning>
                {t("reviews.reply.by", { name: nameOf(review.reply.by), date: format.date(review.reply.at) })}
              </span>
            </Text>
          </>
        ) : null}
      </InlineStack>
    </Section>
  );
}

interface WriteCardProps {
  kind: "message" | "note";
  busy: boolean;
  /** Raised when a text was kept: the field is emptied. */
  kept: number;
  onWrite(text: string): void;
}

/** A private message, or a note among staff: folded until it is wanted. */
export function WriteCard({ kind, busy, kept, onWrite }: WriteCardProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  useEffect(() => setText(""), [kept]);
  return (
    <details className="kz-fold">
      <summary>{t(`reviews.${kind}.title`)}</summary>
      <BlockStack gap="200">
        <TextField
          label={t(`reviews.${kind}.label`)}
          labelHidden
          value={text}
          onChange={setText}
          multiline={3}
          maxLength={MESSAGE_MAX}
          autoComplete="off"
          helpText={t(`reviews.${kind}.help`)}
        />
        <InlineStack>
          <Button disabled={text.trim() === ""} loading={busy} onClick={() => onWrite(text)}>
            {kind === "message" ? t("reviews.message.send") : t("reviews.note.save")}
          </Button>
        </InlineStack>
      </BlockStack>
    </details>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      {children}
    </BlockStack>
  );
}
