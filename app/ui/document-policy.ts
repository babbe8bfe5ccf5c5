// What a document is allowed is said when it is rendered; a browser that takes it over reads what was written.
import { createContext, useContext } from "react";

export interface DocumentPolicy {
  /** For inline scripts; only the server knows it. */
  nonce: string | undefined;
  /** The policy written in the document's head; null: its headers say it. */
  written: string | null;
}

const Context = createContext<DocumentPolicy>({ nonce: undefined, written: null });
export const DocumentPolicyProvider = Context.Provider;

/** The policy of the document around. */
export function useDocumentPolicy(): DocumentPolicy {
  return useContext(Context);
}

/** The policy as it stands in a document that was rendered. */
export function readDocumentPolicy(document: Document): DocumentPolicy {
  const meta = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]');
  return { nonce: undefined, written: meta?.content ?? null };
}
