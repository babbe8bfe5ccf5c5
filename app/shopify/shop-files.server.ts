// Files in the shop's own library (Content → Files of its admin): brought there by a staged upload, asked about until
// Shopify is ready with them, found again by their names, and deleted.
import { openAsBlob } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { ShopId } from "../db.server";
import { log } from "../log.server";
import { adminClient, type AdminClient } from "./admin-client.server";
import {
  createFilesMutation,
  deleteFilesMutation,
  FILES_PER_SEARCH,
  findFilesQuery,
  readFilesQuery,
  stageUploadsMutation,
} from "./documents/file";
import type { StageUploadsMutation } from "./generated/admin-operations";
import { libraryFile, type AnsweredFile, type LibraryFile } from "./library-file";
import {
  RefusedByShopifyError,
  ThrottledError,
  TransientShopifyError,
  UnauthorizedShopError,
  UserErrors,
  type UserError,
} from "./shopify-errors";
import { shopifyFileFetch } from "./transport.server";

interface FileToMake {
  /** Its name there: no other file of the shop may have it. */
  name: string;
  path: string;
  /** image/jpeg, video/mp4 … */
  type: string;
}
type MakeOutcome =
  | { outcome: "made"; id: string }
  /** There is one of that name already: ours, if an earlier answer was lost. */
  | { outcome: "exists" }
  /** Shopify's own verdict: asking again cannot help. */
  | { outcome: "refused"; why: string }
  /** Shopify cannot be asked now, or did not say what became of it. */
  | { outcome: "busy" };

const UPLOAD_MS = 60_000;
const DOWNLOAD_MS = 60_000;
const TRIES = 3;
const PAUSE_MS = 300;
/** Shopify is at work on the file: it can be deleted later. */
const LOCKED: ReadonlySet<string> = new Set(["FILE_LOCKED", "MEDIA_CANNOT_BE_MODIFIED", "NON_READY_STATE"]);

/** Brings a file from the disk into the shop's library, where it is processed in its own time. */
export async function makeShopFile(shopId: ShopId, file: FileToMake): Promise<MakeOutcome> {
  try {
    const client = await adminClient(shopId, "interactive");
    const staged = await stage(client, file);
    return staged.outcome === "staged" ? await create(client, shopId, file, staged.source) : staged;
  } catch (error) {
    const outcome = whatToDo(error);
    log().warn({ shopId, err: error }, "a file could not be brought to Shopify");
    return outcome;
  }
}

function whatToDo(error: unknown): MakeOutcome {
  if (error instanceof RefusedByShopifyError)
    return { outcome: "refused", why: error.isAccessDenied ? "ACCESS_DENIED" : "REFUSED" };
  const isBusy = [ThrottledError, TransientShopifyError, UnauthorizedShopError].some((kind) => error instanceof kind);
  if (!isBusy) throw error;
  return { outcome: "busy" };
}

type Staged = { outcome: "staged"; source: string } | { outcome: "refused"; why: string };
type Target = NonNullable<NonNullable<StageUploadsMutation["stagedUploadsCreate"]>["stagedTargets"]>[number];

// Nothing stands in the library yet: each try gets an address of its own, and what was sent to the others is forgotten.
async function stage(client: AdminClient, file: FileToMake): Promise<Staged> {
  const content = await openAsBlob(file.path, { type: file.type });
  for (let tries = 1; ; tries++) {
    try {
      const { stagedUploadsCreate: payload } = await client.request(stageUploadsMutation, {
        input: [
          {
            resource: isVideo(file) ? "VIDEO" : "IMAGE",
            filename: file.name,
            mimeType: file.type,
            fileSize: String(content.size),
            httpMethod: "POST",
          },
        ],
      });
      const [problem] = payload?.userErrors ?? [];
      if (problem) return { outcome: "refused", why: problem.message.slice(0, 100) };
      const [target] = payload?.stagedTargets ?? [];
      if (!target?.url || !target.resourceUrl) throw new TransientShopifyError("server_error");
      await send(target.url, target.parameters, content, file.name);
      return { outcome: "staged", source: target.resourceUrl };
    } catch (error) {
      if (!(error instanceof TransientShopifyError) || tries === TRIES) throw error;
      await sleep(PAUSE_MS * tries);
    }
  }
}

async function send(url: string, parameters: Target["parameters"], content: Blob, name: string): Promise<void> {
  const form = new FormData();
  for (const { name: field, value } of parameters) form.append(field, value);
  // The last field: whatever follows the file is not read there.
  form.append("file", content, name);
  let status: number;
  try {
    const answer = await shopifyFileFetch(url, {
      method: "POST",
      body: form,
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
    await answer.body?.cancel();
    if (answer.ok) return;
    ({ status } = answer);
  } catch (error) {
    throw new TransientShopifyError("network", { cause: error });
  }
  throw new TransientShopifyError("server_error", { status });
}

// A lost answer leaves open whether the file is there. Of pictures a name is taken once, so the same call again tells;
// of films Shopify does not watch the names, so it is looked for, and never made a second time.
async function create(client: AdminClient, shopId: ShopId, file: FileToMake, source: string): Promise<MakeOutcome> {
  for (let tries = 1; ; tries++) {
    try {
      const { fileCreate: payload } = await client.request(createFilesMutation, {
        files: [
          {
            originalSource: source,
            filename: file.name,
            contentType: isVideo(file) ? "VIDEO" : "IMAGE",
            alt: "",
            ...(isVideo(file) ? {} : { duplicateResolutionMode: "RAISE_ERROR" as const }),
          },
        ],
      });
      const [problem] = payload?.userErrors ?? [];
      if (problem) return verdict(problem);
      const [made] = payload?.files ?? [];
      if (!made) throw new TransientShopifyError("server_error");
      return { outcome: "made", id: made.id };
    } catch (error) {
      if (!(error instanceof TransientShopifyError)) throw error;
      await sleep(PAUSE_MS * tries);
      if (isVideo(file)) {
        const { files } = await findShopFiles(shopId, file.name);
        const [found] = files;
        if (found) return { outcome: "made", id: found.id };
      }
      if (tries === TRIES || isVideo(file)) throw error;
    }
  }
}

function verdict({ code, message }: UserError): MakeOutcome {
  return code === "FILENAME_ALREADY_EXISTS"
    ? { outcome: "exists" }
    : { outcome: "refused", why: code ?? message.slice(0, 100) };
}
const isVideo = ({ type }: FileToMake): boolean => type.startsWith("video/");

/**
 * Files by their ids; those that are gone are missing from the answer.
 * @throws what the Admin API client throws
 */
export async function readShopFiles(shopId: ShopId, ids: readonly string[]): Promise<LibraryFile[]> {
  const client = await adminClient(shopId);
  const { nodes } = await client.request(readFilesQuery, { ids: [...ids] });
  return nodes.flatMap((node) => (node && "fileStatus" in node ? libraryFile(node as AnsweredFile) : []));
}

/**
 * Files whose names begin like that. Shopify's search ignores what it does not understand and then answers anything:
 * only what says its name itself is believed. isUnsure: there are pictures that do not say their names yet.
 * @throws what the Admin API client throws
 */
export async function findShopFiles(
  shopId: ShopId,
  start: string,
): Promise<{ files: LibraryFile[]; isUnsure: boolean }> {
  const client = await adminClient(shopId);
  const { files } = await client.request(findFilesQuery, { query: `filename:${start}*`, first: FILES_PER_SEARCH });
  const found = files.nodes.map((node) => libraryFile(node as AnsweredFile));
  return {
    files: found.filter(({ name }) => name?.startsWith(start) === true),
    isUnsure: found.some(({ name, state }) => name === null && state === "waiting"),
  };
}

/**
 * Deletes a file; one that is gone already is fine. later: Shopify is at work on it.
 * @throws UserErrors and what the Admin API client throws
 */
export async function deleteShopFile(shopId: ShopId, id: string): Promise<"removed" | "later"> {
  const client = await adminClient(shopId);
  const { fileDelete: payload } = await client.request(deleteFilesMutation, { ids: [id] });
  if (!payload) throw new RefusedByShopifyError([{ code: null, message: "fileDelete answered nothing" }]);
  const problems = payload.userErrors.filter(({ code }) => code !== "FILE_DOES_NOT_EXIST");
  if (problems.length === 0) return "removed";
  if (problems.every(({ code }) => code !== null && LOCKED.has(code))) return "later";
  throw new UserErrors("fileDelete", problems);
}

/** The content of a file, or a part of it, from where Shopify serves it. */
export async function downloadShopFile(url: string, range?: { from: number; to: number | null }): Promise<Response> {
  return shopifyFileFetch(url, {
    headers: range ? { Range: `bytes=${range.from}-${range.to ?? ""}` } : {},
    signal: AbortSignal.timeout(DOWNLOAD_MS),
  });
}
