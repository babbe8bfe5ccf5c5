// A code to print: on the screen, on paper, or as a file for the printer's shop.
import { BlockStack, Button, InlineStack, Modal, Spinner, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

export interface ShownQr {
  name: string;
  note: string | null;
  /** null: still on its way. */
  code: { url: string; svg: string } | null;
  /** Why there is none. */
  problem: string | null;
}

/** The code with its address. */
export function QrModal({ qr, onClose }: { qr: ShownQr | null; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open={qr !== null}
      onClose={onClose}
      title={t("reviews.qr.title")}
      secondaryActions={[{ content: t("common.close"), onAction: onClose }]}
    >
      <Modal.Section>{qr ? <Code qr={qr} /> : null}</Modal.Section>
    </Modal>
  );
}

function Code({ qr: { name, note, code, problem } }: { qr: ShownQr }) {
  const { t } = useTranslation();
  if (problem) return <Text as="p">{problem}</Text>;
  return (
    <BlockStack gap="400" inlineAlign="center">
      <div className="kz-qr kz-print">
        {code ? (
          <img src={addressOf(code.svg)} alt={t("reviews.qr.alt", { name })} width={240} height={240} />
        ) : (
          <Spinner accessibilityLabel={t("reviews.qr.title")} />
        )}
        <p className="kz-qr-name">{name}</p>
      </div>
      {code ? (
        <>
          <p className="kz-qr-url">{code.url}</p>
          {note ? (
            <Text as="p" tone="subdued">
              {note}
            </Text>
          ) : null}
          <InlineStack gap="200">
            <Button onClick={() => window.print()}>{t("reviews.qr.print")}</Button>
            <Button url={addressOf(code.svg)} download="review-qr.svg">
              {t("reviews.qr.download")}
            </Button>
          </InlineStack>
        </>
      ) : null}
    </BlockStack>
  );
}

function addressOf(svg: string): string {
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}
