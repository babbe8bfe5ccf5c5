// The history as far as it has been loaded; "load more" asks this page's loader for what came before.
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { HistoryPage } from "../../loyalty/member-history.server";
import { HistoryList } from "../../ui/history-list";
import type { loader } from "./route";

/** The first page from the loader, and older pages below it. */
export function MemberHistory({ first }: { first: HistoryPage }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<typeof loader>();
  const [older, setOlder] = useState<HistoryPage[]>([]);
  const last = older.at(-1) ?? first;

  useEffect(() => setOlder([]), [first]);
  useEffect(() => {
    const page = fetcher.data?.history;
    if (page) setOlder((pages) => (pages.includes(page) ? pages : [...pages, page]));
  }, [fetcher.data]);

  const items = [first, ...older].flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <Text as="p" tone="subdued">
        {t("member.history.empty")}
      </Text>
    );
  }
  return (
    <BlockStack gap="300">
      <HistoryList items={items} />
      {last.before === null ? null : (
        <InlineStack align="center">
          <Button loading={fetcher.state !== "idle"} onClick={() => void fetcher.load(`?before=${last.before}`)}>
            {t("common.load_more")}
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}
