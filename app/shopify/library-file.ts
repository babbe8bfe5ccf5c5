// A file of the shop's library as Shopify tells of it: where it is seen from, and what became of it. Pure.
import type { FileErrorCode, FileStatus } from "./generated/admin-operations";

export interface LibraryFile {
  id: string;
  state: "ready" | "waiting" | "failed";
  /** null: Shopify does not say it (yet). */
  name: string | null;
  /** Once it is ready. */
  url: string | null;
  /** What it is served as, where Shopify made something else of it. */
  type: string | null;
  /** Shopify's code, when it failed. */
  why: string | null;
}
/** What documents/file.ts asks for of each file. */
export interface AnsweredFile {
  id: string;
  fileStatus: FileStatus;
  fileErrors: readonly { code: FileErrorCode }[];
  image?: { url: string } | null;
  filename?: string;
  sources?: readonly { url: string; mimeType: string; height: number }[];
}

/** Every browser plays it, and a phone has time to load it. */
const FILM_TYPE = "video/mp4";
const FILM_HEIGHT_MAX = 1_080;

/** The file behind an answer. */
export function libraryFile(answered: AnsweredFile): LibraryFile {
  const film = bestSource(answered.sources ?? []);
  const url = answered.image?.url ?? film?.url ?? null;
  return {
    id: answered.id,
    state: answered.fileStatus === "FAILED" ? "failed" : answered.fileStatus === "READY" && url ? "ready" : "waiting",
    name: answered.filename ?? nameOf(answered.image?.url),
    url: answered.fileStatus === "READY" ? url : null,
    type: film?.mimeType ?? null,
    why: answered.fileStatus === "FAILED" ? (answered.fileErrors[0]?.code ?? "UNKNOWN") : null,
  };
}

function bestSource(sources: NonNullable<AnsweredFile["sources"]>) {
  const films = sources.filter(({ mimeType }) => mimeType === FILM_TYPE).sort((a, b) => a.height - b.height);
  return films.findLast(({ height }) => height <= FILM_HEIGHT_MAX) ?? films[0];
}

// Pictures have no field for it: their address ends with it.
function nameOf(url: string | undefined): string | null {
  const last = url === undefined ? undefined : new URL(url).pathname.split("/").at(-1);
  return last === undefined || last === "" ? null : decodeURIComponent(last);
}
