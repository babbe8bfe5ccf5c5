// A photo or video as shoppers see it: one small and one large picture, and the film. Pure.
import type { MediaFile, MediaKind } from "../media/media-limits";

export interface ShownMedia {
  id: string;
  kind: MediaKind;
  alt: string;
  /** The picture in a strip; of a video its poster, empty when it has none. */
  thumb: string;
  /** The picture in the lightbox. */
  large: string;
  /** Of the large picture: its place on the page is known before it arrives. */
  width: number;
  height: number;
  /** Of a video: the film itself. */
  film: string;
}

/** What the database knows of a photo or video that may be shown. */
export interface MediaRow {
  id: number;
  kind: MediaKind;
  folder: string;
  files: Pick<MediaFile, "name" | "width" | "height" | "type" | "url">[];
  width: number | null;
  height: number | null;
  alt: string;
}
/** Where a stored file is seen from. */
export type AddressOf = (folder: string, file: Pick<MediaFile, "name" | "url">) => string;

/** Wide enough for a strip on a sharp screen. */
const THUMB_WIDTH = 320;

/** One photo or video, with the addresses a page needs. */
export function shownMedia(
  { id, kind, folder, files, width, height, alt }: MediaRow,
  addressOf: AddressOf,
): ShownMedia {
  const address = (file: (typeof files)[number] | undefined) => (file ? addressOf(folder, file) : "");
  const pictures = files
    .filter(({ type }) => type.startsWith("image/"))
    .sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
  const thumb = pictures.find((file) => (file.width ?? 0) >= THUMB_WIDTH) ?? pictures.at(-1);
  const large = pictures.at(-1);
  return {
    id: String(id),
    kind,
    alt,
    thumb: address(thumb),
    large: address(large),
    width: large?.width ?? width ?? 0,
    height: large?.height ?? height ?? 0,
    film: address(files.find(({ type }) => type.startsWith("video/"))),
  };
}
