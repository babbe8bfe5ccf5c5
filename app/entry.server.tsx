import { PassThrough } from "node:stream";

import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { RemixServer, isRouteErrorResponse } from "@remix-run/react";
import { createInstance, type i18n } from "i18next";
import { renderToPipeableStream } from "react-dom/server";
import { I18nextProvider, initReactI18next } from "react-i18next";

import { readLocale } from "./i18n.server";
import { i18nOptions } from "./i18n/options";
import { log } from "./log.server";
import { newNonce, setDataHeaders, setDocumentHeaders, writtenPolicy } from "./security-headers.server";
import { DocumentPolicyProvider, type DocumentPolicy } from "./ui/document-policy";

/** How long rendering may wait for deferred data before it is cut. */
export const streamTimeout = 5_000;

/** Renders a document in the request's language, with the headers that guard it. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const locale = await readLocale(request);
  const i18next = createInstance();
  await i18next.use(initReactI18next).init(await i18nOptions(locale));
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Content-Language", locale);
  const nonce = newNonce();
  setDocumentHeaders(request, headers, nonce);
  const policy = { nonce, written: writtenPolicy(request, nonce) };
  return renderDocument({ request, status, headers, context, i18next, policy });
}

interface Rendering {
  request: Request;
  status: number;
  headers: Headers;
  context: EntryContext;
  i18next: i18n;
  policy: DocumentPolicy;
}

function renderDocument({ request, status, headers, context, i18next, policy }: Rendering): Promise<Response> {
  return new Promise((resolve, reject) => {
    let shellSent = false;
    let answer = status;
    const { pipe, abort } = renderToPipeableStream(
      <I18nextProvider i18n={i18next}>
        <DocumentPolicyProvider value={policy}>
          <RemixServer context={context} url={request.url} abortDelay={streamTimeout} nonce={policy.nonce} />
        </DocumentPolicyProvider>
      </I18nextProvider>,
      {
        nonce: policy.nonce,
        onShellReady() {
          shellSent = true;
          const body = new PassThrough();
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: answer }));
          pipe(body);
        },
        onShellError: (error) => reject(error instanceof Error ? error : new Error("the page could not be rendered")),
        onError(error) {
          answer = 500;
          if (shellSent) log().error({ err: error }, "rendering failed after the page began");
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** Adds the guarding headers to answers of client navigation. */
export function handleDataRequest(response: Response): Response {
  setDataHeaders(response.headers);
  return response;
}

/** Logs what broke without the URL's query, which may hold a token. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted) return;
  if (isRouteErrorResponse(error) && error.status < 500) return; // an address nobody answers is not our failure
  log().error({ err: error, path: new URL(request.url).pathname }, "a page failed");
}
