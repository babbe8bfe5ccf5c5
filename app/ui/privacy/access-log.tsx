// Who looked at customers' data: never what they saw.
import { BlockStack, Box, Card, EmptySearchResult, InlineStack, Link, Pagination, Text } from "@shopify/polaris";
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
      {lines.length === 0 ? (
        <Box padding="400">
          <EmptySearchResult
            title={t("privacy.access.empty_title")}
            description={t("privacy.access.empty_body")}
            withIllustration={false}
          />
        </Box>
      ) : (
        <div className="kz-scroll" tabIndex={0} role="group" aria-label={t("privacy.access.title")} aria-busy={loading}>
          <table className="kz-list">
            <thead>
              <tr>
                {(["when", "who", "what", "whose"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`privacy.access.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <LineRow key={line.accessId} line={line} />
              ))}
            </tbody>
          </table>
        </div>
      )}
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

function LineRow({ line }: { line: ShownLine }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr>
      <th scope="row">
        <TimeText at={line.at} />
      </th>
      <td>
        <span className="kz-name">{line.who}</span>
      </td>
      <td className="kz-nowrap">{t(`privacy.kinds.${line.kind}`)}</td>
      <td>
        {line.memberId === null ? (
          t("privacy.access.people", { count: line.people })
        ) : (
          <Link url={`/app/members/${line.memberId}`}>
            {t("privacy.access.member", { number: format.number(line.memberId) })}
          </Link>
        )}
      </td>
    </tr>
  );
}
