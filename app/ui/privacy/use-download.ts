import { useAppBridge } from "@shopify/app-bridge-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { saveFile } from "../transfers/use-export";

/** Downloads the file of a data request; `busy` names the one under way. */
export function useDownload(): { busy: number | null; download(requestId: number): void } {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const [busy, setBusy] = useState<number | null>(null);
  const download = async (requestId: number): Promise<void> => {
    setBusy(requestId);
    try {
      const response = await fetch(`/app/settings/privacy/${requestId}`);
      if (!response.ok) throw new Error("no file");
      saveFile(await response.blob(), `kizuna-data-request-${requestId}.zip`);
      shopify.toast.show(t("privacy.requests.downloaded"));
    } catch {
      shopify.toast.show(t("privacy.requests.failed"), { isError: true });
    } finally {
      setBusy(null);
    }
  };
  return { busy, download: (requestId) => void download(requestId) };
}
