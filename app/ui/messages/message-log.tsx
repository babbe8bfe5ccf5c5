// What was written to whom, and why something was not: newest first.
import {
  Badge,
  BlockStack,
  Box,
  Card,
  EmptySearchResult,
  IndexTable,
  Link,
  Text,
  type BadgeProps,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { SKIP_REASONS } from "../../journeys/contact-gate";
import type { LoggedMessage } from "../../journeys/message-log.server";
import { TimeText } from "../time-text";

/** How loud each outcome is. */
export const MESSAGE_TONES: Record<LoggedMessage["status"], BadgeProps["tone"]> = {
  queued: "info",
  sending: "info",
  sent: "success",
  skipped: undefined,
  failed: "critical",
};

/** A message as the browser has it. */
export type ShownMessage = Omit<LoggedMessage, "dueAt" | "sentAt"> & {
  dueAt: Date | string;
  sentAt: Date | string | null;
};

/** The table of messages. */
export function MessageLog({ messages }: { messages: ShownMessage[] }) {
  const { t } = useTranslation();
  const headings: [{ title: string }, ...{ title: string }[]] = [
    { title: t("messages.log.member") },
    { title: t("messages.log.kind") },
    { title: t("messages.log.status") },
    { title: t("messages.log.why") },
    { title: t("messages.log.when") },
  ];
  return (
    <Card padding="0">
      <BlockStack>
        <Box padding="400">
          <Text as="h2" variant="headingMd">
            {t("messages.log.title")}
          </Text>
        </Box>
        <IndexTable
          selectable={false}
          resourceName={{
            singular: t("messages.log.resource", { count: 1 }),
            plural: t("messages.log.resource", { count: 2 }),
          }}
          itemCount={messages.length}
          headings={headings}
          emptyState={
            <EmptySearchResult
              title={t("messages.log.empty_title")}
              description={t("messages.log.empty_body")}
              withIllustration={false}
            />
          }
        >
          {messages.map((message, index) => (
            <MessageRow key={message.messageId} message={message} index={index} />
          ))}
        </IndexTable>
      </BlockStack>
    </Card>
  );
}

function MessageRow({ message, index }: { message: ShownMessage; index: number }) {
  const { t } = useTranslation();
  return (
    <IndexTable.Row id={String(message.messageId)} position={index}>
      <IndexTable.Cell>
        {message.memberId === null ? (
          <span className="kz-name">{message.memberName || t("messages.log.no_member")}</span>
        ) : (
          <Link url={`/app/members/${message.memberId}`} dataPrimaryLink>
            <span className="kz-name">{message.memberName || t("messages.log.no_name")}</span>
          </Link>
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>{t(`messages.kinds.${message.kind}`)}</IndexTable.Cell>
      <IndexTable.Cell>
        <Badge tone={MESSAGE_TONES[message.status]}>{t(`messages.status.${message.status}`)}</Badge>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <WhyText why={message.why} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <TimeText at={message.sentAt ?? message.dueAt} />
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

/** Why something was not sent, in words: refused_550 and waiting_451 carry what the server said. */
export function WhyText({ why }: { why: string | null }) {
  const { t } = useTranslation();
  if (why === null) return null;
  const skip = SKIP_REASONS.find((reason) => reason === why);
  if (skip) return <>{t(`messages.why.${skip}`)}</>;
  const [what, code] = why.split("_");
  return (
    <>
      {t(what === "waiting" ? "messages.why.waiting" : "messages.why.refused")} {code ? `(${code})` : null}
    </>
  );
}
