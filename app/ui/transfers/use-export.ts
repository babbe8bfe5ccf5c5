// A file out of the embedded admin: App Bridge signs the request, so the browser cannot simply follow a link.
import { useAppBridge } from "@shopify/app-bridge-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "../use-format";

type Export = "members" | "history";

/** Downloads an export; `busy` names the one under way. */
export function useExport(): { busy: Export | null; download(what: Export): void } {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const shopify = useAppBridge();
  const [busy, setBusy] = useState<Export | null>(null);
  const download = async (what: Export): Promise<void> => {
    setBusy(what);
    try {
      const response = await fetch(`/app/members/export?what=${what}&locale=${locale}`);
      if (!response.ok) throw new Error("no file");
      saveFile(await response.blob(), `kizuna-${what}.csv`);
      shopify.toast.show(t("transfers.export.done"));
    } catch {
      shopify.toast.show(t("transfers.export.failed"), { isError: true });
    } finally {
      setBusy(null);
    }
  };
  return { busy, download: (what) => void download(what) };
}

/** Hands a file to the browser. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}
