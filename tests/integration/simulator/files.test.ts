// Files of the simulated platform: an upload is taken only as it was signed, a file is ready after a while, and what
// is not ready is neither shown nor deleted.
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { failNext } from "../../simulator/faults";
import { startPlatform, type Answer, type Platform } from "./platform";

let platform: Platform;
let picture: Buffer;
beforeEach(async () => {
  platform = await startPlatform(["write_files"]);
  picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: "#a63" } })
    .jpeg()
    .toBuffer();
  platform.sim.faults.files.processingMs = 3_600_000;
});
afterEach(() => platform.stop());

interface Target {
  url: string;
  resourceUrl: string;
  parameters: { name: string; value: string }[];
}
const STAGE = `mutation Stage($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }`;
const CREATE = `mutation Create($files: [FileCreateInput!]!) { fileCreate(files: $files) {
  files { id alt fileStatus } userErrors { field code message } } }`;
const READ = `query Read($ids: [ID!]!) { nodes(ids: $ids) { ... on File { id fileStatus fileErrors { code } }
  ... on MediaImage { image { url } } ... on Video { filename sources { url mimeType height } } } }`;
const FIND = `query Find($query: String!) { files(first: 10, query: $query) { nodes { id } } }`;
const DELETE = `mutation Delete($ids: [ID!]!) { fileDelete(fileIds: $ids) { deletedFileIds userErrors { code field } } }`;

const at = <T>(answer: Answer, field: string): T => (answer.data as Record<string, unknown> | undefined)?.[field] as T;
async function staged(input: Record<string, unknown> = {}): Promise<Target> {
  const answer = await platform.ask(STAGE, {
    input: [{ resource: "IMAGE", filename: "tea.jpg", mimeType: "image/jpeg", httpMethod: "POST", ...input }],
  });
  const [target] = at<{ stagedTargets: Target[] }>(answer, "stagedUploadsCreate").stagedTargets;
  if (!target) throw new Error(JSON.stringify(answer));
  return target;
}
/** The form as a client sends it: the fields, then the file. */
function formOf({ parameters }: Target, content: Buffer = picture): FormData {
  const form = new FormData();
  for (const { name, value } of parameters) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(content)], { type: "image/jpeg" }), "tea.jpg");
  return form;
}
const send = (target: Target, form: FormData) => fetch(target.url, { method: "POST", body: form });
interface Made {
  files: { id: string; fileStatus: string }[] | null;
  userErrors: { field: string[]; code: string }[];
}
const create = async (file: Record<string, unknown>): Promise<Made> =>
  at<Made>(await platform.ask(CREATE, { files: [{ contentType: "IMAGE", ...file }] }), "fileCreate");
async function uploaded(more: Record<string, unknown> = {}): Promise<string> {
  const target = await staged();
  expect((await send(target, formOf(target))).status).toBe(201);
  const made = await create({ originalSource: target.resourceUrl, ...more });
  expect(made.userErrors).toEqual([]);
  return made.files?.[0]?.id ?? "";
}
interface Node {
  fileStatus: string;
  fileErrors: { code: string }[];
  image?: { url: string } | null;
  sources?: { url: string }[];
}
const read = async (id: string): Promise<Node | null> =>
  at<(Node | null)[]>(await platform.ask(READ, { ids: [id] }), "nodes")[0] ?? null;

describe("the storage", () => {
  it.each<[string, (target: Target) => FormData, number]>([
    ["as it was signed", (target) => formOf(target), 201],
    [
      "with another key",
      (target) => {
        const form = formOf(target);
        const changed = new FormData();
        for (const [name, value] of form) changed.append(name, name === "key" ? "tmp/other.jpg" : value);
        return changed;
      },
      403,
    ],
    [
      "with another policy",
      (target) => {
        const changed = new FormData();
        for (const [name, value] of formOf(target))
          changed.append(name, name === "policy" ? Buffer.from('{"conditions":[]}').toString("base64") : value);
        return changed;
      },
      403,
    ],
    [
      "with a field that nobody signed",
      (target) => {
        const changed = new FormData();
        changed.append("x-extra", "1");
        for (const [name, value] of formOf(target)) changed.append(name, value);
        return changed;
      },
      403,
    ],
    [
      "with the file first",
      (target) => {
        const form = new FormData();
        form.append("file", new Blob([new Uint8Array(picture)]), "tea.jpg");
        for (const { name, value } of target.parameters) form.append(name, value);
        return form;
      },
      401,
    ],
    ["with an empty file", (target) => formOf(target, Buffer.alloc(0)), 400],
    [
      "without the file",
      ({ parameters }) => {
        const form = new FormData();
        for (const { name, value } of parameters) form.append(name, value);
        return form;
      },
      400,
    ],
  ])("takes a form %s: or not", async (_title, make, status) => {
    const target = await staged();
    expect((await send(target, make(target))).status).toBe(status);
  });

  it("takes a film of the size that was said, and no other", async () => {
    const input = { resource: "VIDEO", filename: "film.mp4", mimeType: "video/mp4" };
    const refused = await platform.ask(STAGE, { input: [{ ...input, httpMethod: "POST" }] });
    expect(at<{ userErrors: { field: string[] }[] }>(refused, "stagedUploadsCreate").userErrors[0]?.field).toEqual([
      "input",
      "0",
      "fileSize",
    ]);
    const target = await staged({ ...input, fileSize: String(picture.length) });
    expect((await send(target, formOf(target, picture.subarray(1)))).status).toBe(400);
    expect((await send(target, formOf(target))).status).toBe(204);
  });
});

describe("a file", () => {
  it("is processed for a while, shown then in the width and format that is asked for, and deleted", async () => {
    const id = await uploaded();
    expect(await read(id)).toMatchObject({ fileStatus: "UPLOADED", image: null });
    platform.sim.clock.advance(1_800_000);
    expect(await read(id)).toMatchObject({ fileStatus: "PROCESSING", image: null });
    const early = at<Made>(await platform.ask(DELETE, { ids: [id] }), "fileDelete");
    expect(early.userErrors[0]?.code).toBe("NON_READY_STATE");
    platform.sim.clock.advance(3_600_000);
    const url = (await read(id))?.image?.url ?? "";
    expect(new URL(url).pathname.split("/").at(-1)).toBe("tea.jpg");
    const plain = await fetch(url);
    expect([plain.headers.get("content-type"), Buffer.from(await plain.arrayBuffer()).equals(picture)]).toEqual([
      "image/jpeg",
      true,
    ]);
    const small = await fetch(`${url}&width=320`, { headers: { accept: "image/avif,image/webp,*/*" } });
    const { format, width } = await sharp(Buffer.from(await small.arrayBuffer())).metadata();
    expect({ format, width }).toEqual({ format: "webp", width: 320 });
    expect(
      at<{ deletedFileIds: string[] }>(await platform.ask(DELETE, { ids: [id] }), "fileDelete").deletedFileIds,
    ).toEqual([id]);
    expect([(await fetch(url)).status, await read(id)]).toEqual([404, null]);
    expect(at<Made>(await platform.ask(DELETE, { ids: [id] }), "fileDelete").userErrors[0]?.code).toBe(
      "FILE_DOES_NOT_EXIST",
    );
  });

  it("fails when nothing was sent, when it is no picture, and when it is told to", async () => {
    const nothing = await staged();
    const empty = (await create({ originalSource: nothing.resourceUrl })).files?.[0]?.id ?? "";
    const target = await staged();
    await send(target, formOf(target, Buffer.from("not a picture")));
    const broken = (await create({ originalSource: target.resourceUrl, filename: "b.jpg" })).files?.[0]?.id ?? "";
    platform.sim.faults.files.failWith = "FILE_STORAGE_LIMIT_EXCEEDED";
    const told = await uploaded({ filename: "told.jpg" });
    platform.sim.clock.advance(3_600_000);
    const codes = [];
    for (const id of [empty, broken, told]) codes.push((await read(id))?.fileErrors.map(({ code }) => code));
    expect(codes).toEqual([["IMAGE_DOWNLOAD_FAILURE"], ["IMAGE_PROCESSING_FAILURE"], ["FILE_STORAGE_LIMIT_EXCEEDED"]]);
  });

  it("has a name of its own: raised, or told apart; films are not", async () => {
    await uploaded({ filename: "one.jpg" });
    const target = await staged();
    await send(target, formOf(target));
    const again = { originalSource: target.resourceUrl, filename: "one.jpg" };
    expect((await create({ ...again, duplicateResolutionMode: "RAISE_ERROR" })).userErrors[0]?.code).toBe(
      "FILENAME_ALREADY_EXISTS",
    );
    expect((await create(again)).userErrors).toEqual([]);
    expect(Object.values(platform.shop.files ?? {}).map(({ name }) => name)).toEqual([
      "one.jpg",
      expect.stringMatching(/^one_[0-9a-f-]{36}\.jpg$/),
    ]);
    expect((await create({ ...again, filename: "one.png" })).userErrors[0]?.code).toBe(
      "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE",
    );
    const film = { ...again, contentType: "VIDEO", duplicateResolutionMode: "RAISE_ERROR" };
    expect((await create(film)).userErrors[0]?.code).toBe("INVALID_DUPLICATE_MODE_FOR_TYPE");
  });

  it("is found by the beginning of its name, once the search has heard of it", async () => {
    platform.sim.faults.files.searchLagMs = 60_000;
    const id = await uploaded({ filename: "kizuna0a1bw1280.jpg" });
    const find = async (query: string) =>
      at<{ nodes: { id: string }[] }>(await platform.ask(FIND, { query }), "files").nodes.map((node) => node.id);
    expect(await find("filename:kizuna0a1b*")).toEqual([]);
    platform.sim.clock.advance(60_000);
    expect(await find("filename:kizuna0a1b*")).toEqual([id]);
    expect(await find("filename:kizuna0a1c*")).toEqual([]);
  });

  it("is nobody's without the scope, and may be refused or lost like any other call", async () => {
    const target = await staged();
    await send(target, formOf(target));
    const source = { originalSource: target.resourceUrl };
    failNext(platform.sim.faults, "fileCreate", "user_error", { code: "UNACCEPTABLE_TRIAL_ASSET" });
    expect((await create(source)).userErrors[0]?.code).toBe("UNACCEPTABLE_TRIAL_ASSET");
    failNext(platform.sim.faults, "fileCreate", "ok_answer_lost");
    await expect(create(source)).rejects.toThrow();
    expect(Object.values(platform.shop.files ?? {})).toHaveLength(1);
    platform.shop.install!.scopes = ["read_themes", "write_products"];
    const denied = await platform.ask(CREATE, { files: [{ contentType: "IMAGE", ...source }] });
    expect(denied.errors?.[0]?.extensions?.code).toBe("ACCESS_DENIED");
    expect((await platform.ask(DELETE, { ids: ["gid://shopify/MediaImage/1"] })).errors?.[0]?.message).toContain(
      "`write_files` access scope",
    );
  });
});
