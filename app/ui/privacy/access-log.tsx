// Who looked at customers' data: never what they saw.
import {
  BlockStack,
  Box,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Pagination,
  Text,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { AccessLine } from "../../privacy/list-privacy.server";
import { TimeText } from "../time-text";
import { useFormat } from "../use-format";

type ShownLine = Omit<AccessLine, "at"> & { at: Date | string };
interface AccessLogProps {
  lines: ShownLine[];
  loading: boolean;
  onNext: (() => void) | null;
  onFirst: (() => void) | null;
}

/** The table of lines, newest first. */
export function AccessLog({ lines, loading, onNext, onFirst }: AccessLogProps) {
  const { t } = useTranslation();
  const headings: [{ title: string }, ...{ title: string }[]] = [
    { title: t("privacy.access.when") },
    { title: t("privacy.access.who") },
    { title: t("privacy.access.what") },
    { title: t("privacy.access.whose") },
  ];
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t("privacy.access.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("privacy.access.lead")}
          </Text>
        </BlockStack>
      </Box>
      <IndexTable
        selectable={false}
        loading={loading}
        resourceName={{
          singular: t("privacy.access.resource", { count: 1 }),
          plural: t("privacy.access.resource", { count: 2 }),
        }}
        itemCount={lines.length}
        headings={headings}
        emptyState={
          <EmptySearchResult
            title={t("privacy.access.empty_title")}
            description={t("privacy.access.empty_body")}
            withIllustration={false}
          />
        }
      >
        {lines.map((line, index) => (
          <LineRow key={line.accessId} line={line} index={index} />
        ))}
      </IndexTable>
      {onNext || onFirst ? (
        <Box padding="400">
          <InlineStack align="center">
            <Pagination
              accessibilityLabel={t("privacy.access.title")}
              previousTooltip={t("privacy.access.newest")}
              nextTooltip={t("privacy.access.older")}
              hasPrevious={onFirst !== null}
              hasNext={onNext !== null}
              {...(onFirst ? { onPrevious: onFirst } : {})}
              {...(onNext ? { onNext } : {})}
            />
          </InlineStack>
        </Box>
      ) : null}
    </Card>
  );
}

function LineRow({ line, index }: { line: ShownLine; index: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <IndexTable.Row id={String(line.accessId)} position={index}>
      <IndexTable.Cell>
        <TimeText at={line.at} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span className="kz-name">{line.who}</span>
      </IndexTable.Cell>
      <IndexTable.Cell>{t(`privacy.kinds.${line.kind}`)}</IndexTable.Cell>
      <IndexTable.Cell>
        {line.memberId === null ? (
          t("privacy.access.people", { count: line.people })
        ) : (
          <Link url={`/app/members/${line.memberId}`}>
            {t("privacy.access.member", { number: format.number(line.memberId) })}
          </Link>
        )}
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}
