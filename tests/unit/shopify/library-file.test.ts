import { describe, expect, it } from "vitest";

import { libraryFile, type AnsweredFile } from "../../../app/shopify/library-file";

const picture = (more: Partial<AnsweredFile> = {}): AnsweredFile => ({
  id: "gid://shopify/MediaImage/1",
  fileStatus: "READY",
  fileErrors: [],
  image: { url: "https://cdn.shopify.com/s/files/1/0001/files/kizuna0aw1280.jpg?v=1700000000" },
  ...more,
});
const film = (more: Partial<AnsweredFile> = {}): AnsweredFile => ({
  id: "gid://shopify/Video/1",
  fileStatus: "READY",
  fileErrors: [],
  filename: "kizuna0avideo.mov",
  sources: [1080, 2160, 480].map((height) => ({ url: `https://cdn/${height}.mp4`, mimeType: "video/mp4", height })),
  ...more,
});

describe("a file of the library", () => {
  it("is ready with an address, and a picture's name ends it", () => {
    expect(libraryFile(picture())).toEqual({
      id: "gid://shopify/MediaImage/1",
      state: "ready",
      name: "kizuna0aw1280.jpg",
      url: "https://cdn.shopify.com/s/files/1/0001/files/kizuna0aw1280.jpg?v=1700000000",
      type: null,
      why: null,
    });
  });

  it.each(["UPLOADED", "PROCESSING"] as const)(
    "waits while it is %s, and does not say a picture's name",
    (fileStatus) => {
      expect(libraryFile(picture({ fileStatus, image: null }))).toMatchObject({
        state: "waiting",
        name: null,
        url: null,
      });
      expect(libraryFile(film({ fileStatus, sources: [] }))).toMatchObject({
        state: "waiting",
        name: "kizuna0avideo.mov",
        url: null,
      });
    },
  );

  it("waits while it is said to be ready and has no address", () => {
    expect(libraryFile(picture({ image: null })).state).toBe("waiting");
    expect(libraryFile(film({ sources: [] })).state).toBe("waiting");
  });

  it("failed with Shopify's first code, or an unknown one", () => {
    const failed = { fileStatus: "FAILED", image: null } as const;
    expect(libraryFile(picture({ ...failed, fileErrors: [{ code: "IMAGE_PROCESSING_FAILURE" }] }))).toMatchObject({
      state: "failed",
      why: "IMAGE_PROCESSING_FAILURE",
    });
    expect(libraryFile(picture(failed)).why).toBe("UNKNOWN");
  });

  it("is, of a film, the largest source that a phone has time for, else the smallest, and never a playlist", () => {
    expect(libraryFile(film())).toMatchObject({ url: "https://cdn/1080.mp4", type: "video/mp4" });
    const large = [2160, 1440].map((height) => ({ url: `https://cdn/${height}.mp4`, mimeType: "video/mp4", height }));
    expect(libraryFile(film({ sources: large })).url).toBe("https://cdn/1440.mp4");
    const playlist = { url: "https://cdn/film.m3u8", mimeType: "application/x-mpegURL", height: 720 };
    expect(libraryFile(film({ sources: [playlist] })).state).toBe("waiting");
  });
});
