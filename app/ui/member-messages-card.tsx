// What one member was told by mail, and why something was not.
import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { MESSAGE_TONES, WhyText, type ShownMessage } from "./messages/message-log";
import { TimeText } from "./time-text";

/** The newest messages; nothing while there are none. */
export function MemberMessagesCard({ messages }: { messages: ShownMessage[] }) {
  const { t } = useTranslation();
  if (messages.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("messages.title")}
        </Text>
        <ul className="kz-lines">
          {messages.map((message) => (
            <li key={message.messageId}>
              <BlockStack gap="100">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="span">{t(`messages.kinds.${message.kind}`)}</Text>
                  <Badge tone={MESSAGE_TONES[message.status]}>{t(`messages.status.${message.status}`)}</Badge>
                </InlineStack>
                {message.why === null ? null : (
                  <Text as="p" variant="bodySm" tone="subdued">
                    <WhyText why={message.why} />
                  </Text>
                )}
              </BlockStack>
              <Text as="span" variant="bodySm" tone="subdued">
                <TimeText at={message.sentAt ?? message.dueAt} show="date" />
              </Text>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
