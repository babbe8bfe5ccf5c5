// What staff see and do beside decisions: the queue, one review in detail, and tasks.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { appealReview } from "../../../app/reviews/appeal-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { messageAuthor } from "../../../app/reviews/message-author.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import type { QueueRequest } from "../../../app/reviews/moderation/queue";
import { readReviewDetail } from "../../../app/reviews/moderation/read-detail.server";
import { countQueue, listQueue } from "../../../app/reviews/moderation/read-queue.server";
import { noteOnReview } from "../../../app/reviews/note-on-review.server";
import { reportReview } from "../../../app/reviews/report-review.server";
import { changeTask } from "../../../app/reviews/tasks/change-task.server";
import { countTasks, listTasks } from "../../../app/reviews/tasks/list-tasks.server";
import { createTestMember } from "../../builders/member";
import { newGid } from "../../builders/order-facts";
import { AUTHOR_MAIL, REVIEW_DAY, reviewEvents, storeOrder, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const STAFF = "staff:1";
const TEA = "gid://shopify/Product/501";
const DAY = 86_400_000;
const day = (count: number) => new Date(REVIEW_DAY.getTime() + count * DAY);
let shopId: ShopId;
beforeEach(async () => {
  shopId = await createTestShop();
  await inShop(shopId, (tx) =>
    tx.query(
      "INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at) VALUES ($1, $2, 'Spring tea', '{}', '{}', $3)",
      [shopId, TEA, REVIEW_DAY],
    ),
  );
});

let authors = 0;
const other = (fields: Parameters<typeof submission>[0] = {}) =>
  submission({
    productGid: TEA,
    authorEmail: `a${++authors}@mail.example`,
    customerGid: newGid("Customer"),
    ...fields,
  });
const ids = async (request: QueueRequest, now = day(1)) =>
  (await listQueue(shopId, request, now)).items.map(({ reviewId }) => reviewId);

/** One review of each kind of waiting, in the order in which they began to wait. */
async function fill() {
  const plain = await takeReview(shopId, other({ content: { body: "Plain words about tea." } }));
  const linked = await takeReview(
    shopId,
    other({ content: { title: "", body: "See www.spam.example.com" } }),
    day(0.1),
  );
  const claim = await takeReview(shopId, other({ content: { title: "", body: "シミが消えました" } }), day(0.2));
  const edited = await takeReview(shopId, other({ content: { title: "", body: "Before." } }));
  await editReview(
    shopId,
    edited.reviewId,
    { rating: 2, title: "", body: "After www.spam.example.org", pros: "", cons: "", answers: [], authorName: "" },
    null,
    day(0.3),
  );
  const reported = await takeReview(shopId, other({ content: { title: "", body: "Reported." } }));
  await reportReview(shopId, reported.reviewId, { reason: "spam", text: "Looks bought", reporter: "x" }, day(0.4));
  const appealed = await takeReview(shopId, other({ content: { title: "", body: "Appealed." } }));
  await decideReviews(shopId, [appealed.reviewId], { decision: "reject", reason: "fake" }, STAFF, day(0.5));
  await appealReview(shopId, appealed.reviewId, "I was there", day(0.6));
  return Object.fromEntries(
    Object.entries({ plain, linked, claim, edited, reported, appealed }).map(([name, { reviewId }]) => [
      name,
      reviewId,
    ]),
  ) as Record<"plain" | "linked" | "claim" | "edited" | "reported" | "appealed", number>;
}

describe("the queue", () => {
  it("holds what waits, oldest first, and counts it by filter", async () => {
    const { plain, linked, claim, edited, reported, appealed } = await fill();
    expect(await ids({ filter: "queue" })).toEqual([linked, claim, edited, reported, appealed]);
    expect(await ids({ filter: "held" })).toEqual([linked, claim]);
    expect(await ids({ filter: "edits" })).toEqual([edited]);
    expect(await ids({ filter: "reports" })).toEqual([reported]);
    expect(await ids({ filter: "appeals" })).toEqual([appealed]);
    expect(await ids({ filter: "media" })).toEqual([]);
    expect(await ids({ filter: "overdue" }, day(14.25))).toEqual([linked, claim]);
    expect(await ids({ filter: "queue", kinds: ["claim"] })).toEqual([claim]);
    expect(await ids({ filter: "all" })).toEqual([claim, linked, appealed, reported, edited, plain]);
    expect(await ids({ filter: "all", status: "published" })).toEqual([reported, edited, plain]);
    expect(await countQueue(shopId, day(14.25))).toEqual({
      queue: 5,
      held: 2,
      edits: 1,
      reports: 1,
      appeals: 1,
      media: 0,
      overdue: 2,
    });
    expect(await ids({ filter: "queue" }, day(1))).toEqual(await ids({ filter: "queue", productGid: TEA }));
    const elsewhere = await createTestShop();
    expect((await listQueue(elsewhere, { filter: "all" }, day(1))).items).toEqual([]);
  });

  it("is paged without gaps or repetitions, in both orders", async () => {
    const { linked, claim, edited, reported, appealed, plain } = await fill();
    for (const [request, expected] of [
      [{ filter: "queue" }, [linked, claim, edited, reported, appealed]],
      [{ filter: "all" }, [claim, linked, appealed, reported, edited, plain]],
      [{ filter: "all", productGid: TEA }, [appealed, reported, edited, claim, linked, plain]],
    ] as const) {
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listQueue>> = await listQueue(
          shopId,
          { ...request, cursor, limit: 2 },
          day(1),
        );
        seen.push(...page.items.map(({ reviewId }) => reviewId));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toEqual(expected);
    }
    expect(await ids({ filter: "queue", cursor: "rubbish" })).toHaveLength(5);
  });

  it("finds by number, address, order and words, never by stars", async () => {
    const { linked, claim } = await fill();
    const member = await createTestMember(shopId, { email: AUTHOR_MAIL });
    const order = await storeOrder(shopId, { customerId: member.customerGid, name: "#2077", productGids: [TEA] });
    const bought = await takeReview(
      shopId,
      submission({
        source: "account",
        productGid: TEA,
        customerGid: member.customerGid,
        orderId: order.orderId,
        lineId: order.lineIds[0]!,
        content: { title: "", body: "Bought." },
      }),
    );
    expect(await ids({ filter: "all", search: "#2077" })).toEqual([bought.reviewId]);
    expect(await ids({ filter: "all", search: ` ${AUTHOR_MAIL.toUpperCase()} ` })).toEqual([bought.reviewId]);
    expect(await ids({ filter: "all", search: String(linked) })).toEqual([linked]);
    expect(await ids({ filter: "queue", search: "シミ 消え" })).toEqual([claim]);
    expect(await ids({ filter: "all", search: "50% _nothing_" })).toEqual([]);
    expect((await listQueue(shopId, { filter: "all", search: "tea" }, day(1))).searchedOnly).toBe(5_000);
  });

  it("shows masked words, why something waits, and the edit behind shown words", async () => {
    const { edited, claim, linked } = await fill();
    const { items } = await listQueue(shopId, { filter: "queue" }, day(1));
    const item = (id: number) => items.find(({ reviewId }) => reviewId === id);
    expect(item(edited)).toMatchObject({
      status: "published",
      productTitle: "Spring tea",
      texts: { body: "Before." },
      edit: { version: 2, rating: 2, texts: { body: "After www.spam.example.org" }, reasons: ["link"] },
    });
    expect(item(claim)).toMatchObject({
      status: "held",
      kinds: ["claim"],
      holdReasons: ["claim"],
      holdUntil: null,
      isOverdue: false,
    });
    expect(item(linked)).toMatchObject({ kinds: ["link"], media: 0, openReports: 0, verified: false });
  });
});

describe("one review", () => {
  it("comes with its words raw and masked, order, author, record and notes", async () => {
    const member = await createTestMember(shopId, { email: AUTHOR_MAIL });
    const order = await storeOrder(shopId, {
      customerId: member.customerGid,
      name: "#3001",
      productGids: [TEA, "gid://shopify/Product/9"],
    });
    const line = { source: "account" as const, customerGid: member.customerGid, orderId: order.orderId };
    await takeReview(
      shopId,
      submission({
        ...line,
        productGid: "gid://shopify/Product/9",
        lineId: order.lineIds[1]!,
        content: { body: "The other thing." },
      }),
    );
    const body = "Write to me: hanako@example.org";
    const { reviewId } = await takeReview(
      shopId,
      submission({ ...line, productGid: TEA, lineId: order.lineIds[0]!, content: { body, rating: 1 } }),
    );
    await messageAuthor(shopId, reviewId, "We are sorry", STAFF, day(1));
    await noteOnReview(shopId, reviewId, "Called them", STAFF, day(1));
    const detail = await readReviewDetail(shopId, reviewId, day(1));
    expect(detail).toMatchObject({
      texts: { body: "Write to me: ••••••••••••••••••" },
      raw: { body, rating: 1 },
      findings: [{ kind: "contact_data", detail: "email" }],
      verified: true,
      authorEmail: AUTHOR_MAIL,
      order: {
        name: "#3001",
        financialStatus: "paid",
        currency: "JPY",
        line: { title: "Tea", quantity: 1, amountMinor: 1_000 },
      },
      member: { name: "田中 花子", customerGid: member.customerGid },
      othersCount: 1,
      task: { status: "open" },
      versions: [{ version: 1, status: "shown" }],
    });
    expect(detail?.notes.map(({ kind, text }) => [kind, text])).toEqual([
      ["staff_note", "Called them"],
      ["private_message", "We are sorry"],
    ]);
    expect(detail?.events.map(({ kind }) => kind)).toEqual([
      "noted",
      "messaged",
      "task_opened",
      "published",
      "submitted",
    ]);
    expect(await readReviewDetail(shopId, 99_999_999, day(1))).toBeNull();
    expect(await readReviewDetail(await createTestShop(), reviewId, day(1))).toBeNull();
  });
});

describe("tasks", () => {
  const low = (at: Date) => takeReview(shopId, other({ content: { rating: 1, title: "", body: "Bad." } }), at);

  it("are listed by urgency, taken, finished and opened again", async () => {
    const first = await low(day(0));
    await low(day(0.5));
    expect(await countTasks(shopId, day(1.2))).toEqual({ unfinished: 2, overdue: 1 });
    const { tasks } = await listTasks(shopId, { status: "unfinished" }, day(1.2));
    expect(tasks.map(({ isOverdue, review }) => [isOverdue, review?.rating])).toEqual([
      [true, 1],
      [false, 1],
    ]);
    expect(tasks[0]?.review).toMatchObject({ id: first.reviewId, body: "Bad.", productTitle: "Spring tea" });
    const taskId = tasks[0]?.id ?? 0;
    expect(await changeTask(shopId, taskId, { kind: "doing" }, STAFF, day(1.3))).toEqual({ outcome: "changed" });
    expect(await changeTask(shopId, taskId, { kind: "doing" }, STAFF, day(1.3))).toEqual({ outcome: "unchanged" });
    expect((await listTasks(shopId, { status: "doing", assignee: STAFF }, day(1.3))).tasks).toHaveLength(1);
    expect((await listTasks(shopId, { status: "open", assignee: "nobody" }, day(1.3))).tasks).toHaveLength(1);
    expect(await changeTask(shopId, taskId, { kind: "assign", assignee: "staff:2" }, STAFF, day(1.4))).toEqual({
      outcome: "changed",
    });
    expect(await changeTask(shopId, taskId, { kind: "note", text: "Sent another" }, STAFF, day(1.4))).toEqual({
      outcome: "changed",
    });
    expect(await changeTask(shopId, taskId, { kind: "note", text: "  " }, STAFF, day(1.4))).toEqual({
      outcome: "bad_note",
    });
    expect(await changeTask(shopId, taskId, { kind: "done" }, "staff:2", day(1.5))).toEqual({ outcome: "changed" });
    expect((await listTasks(shopId, { status: "done" }, day(2))).tasks[0]).toMatchObject({
      closedAt: day(1.5),
      closedBy: "staff:2",
      assignee: "staff:2",
      isOverdue: false,
    });
    expect((await listTasks(shopId, { status: "all", overdue: true }, day(2))).tasks).toHaveLength(1);
    expect(await changeTask(shopId, taskId, { kind: "reopen" }, STAFF, day(3))).toEqual({ outcome: "changed" });
    expect((await listTasks(shopId, { status: "open", assignee: "staff:2" }, day(3))).tasks[0]).toMatchObject({
      closedAt: null,
      closedBy: null,
    });
    expect(await changeTask(shopId, 123_456, { kind: "done" }, STAFF, day(3))).toEqual({ outcome: "not_found" });
    expect(await changeTask(await createTestShop(), taskId, { kind: "done" }, STAFF, day(3))).toEqual({
      outcome: "not_found",
    });
    expect((await reviewEvents(shopId, first.reviewId)).filter((kind) => kind === "task_changed")).toHaveLength(5);
  });

  it("are paged without gaps", async () => {
    for (let index = 0; index < 5; index += 1) await low(day(index / 10));
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof listTasks>> = await listTasks(
        shopId,
        { status: "open", cursor, limit: 2 },
        day(1),
      );
      seen.push(...page.tasks.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });
});
