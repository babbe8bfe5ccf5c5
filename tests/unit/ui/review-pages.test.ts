import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { lastWeeks, meanHundredths, percentOf } from "../../../app/reviews/analytics/periods";
import type { Finding } from "../../../app/reviews/moderation/findings";
import { DEFAULT_REVIEW_SETTINGS, reviewSettingsSchema } from "../../../app/reviews/review-settings";
import { changesWhatIsShown } from "../../../app/reviews/save-settings.server";
import { layOutWeeks } from "../../../app/ui/reviews/analytics/week-chart";
import { countdownOf } from "../../../app/ui/reviews/inbox/countdown";
import { approvalOf, inboxSchema, requestOf } from "../../../app/ui/reviews/inbox/inbox-views";
import { markText } from "../../../app/ui/reviews/inbox/mark-text";
import { QUESTION_IDEAS } from "../../../app/ui/reviews/settings/question-ideas";
import { draftFromSettings, moved, readReviewDraft } from "../../../app/ui/reviews/settings/review-draft";

const finding = (from: number, to: number, kind: Finding["kind"] = "link"): Finding => ({
  kind,
  field: "body",
  from,
  to,
  detail: "",
});

describe("marks in a text", () => {
  it("cut it at their edges and lose nothing, wherever they lie", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.array(fc.tuple(fc.integer({ min: -5, max: 80 }), fc.integer({ min: -5, max: 80 })), { maxLength: 6 }),
        (text, places) => {
          const parts = markText(
            text,
            places.map(([from, to]) => finding(from, to)),
          );
          expect(parts.map((part) => part.text).join("")).toBe(text);
        },
      ),
    );
  });

  it("know every reason of a stretch", () => {
    const parts = markText("abcdef", [finding(1, 4), finding(2, 6, "spam")]);
    expect(parts.map(({ text, findings }) => [text, findings.map(({ kind }) => kind)])).toEqual([
      ["a", []],
      ["b", ["link"]],
      ["cd", ["link", "spam"]],
      ["ef", ["spam"]],
    ]);
  });
});

describe("what a hold comes to", () => {
  const now = new Date("2026-06-20T12:00:00Z");
  const held = (change: object) => ({
    holdUntil: null,
    waitsForAuthor: false,
    submittedAt: new Date("2026-06-18T12:00:00Z"),
    ...change,
  });

  it("publishes by itself, waits for its author, for a person, or too long", () => {
    expect(countdownOf(held({ holdUntil: "2026-07-02T12:00:00Z" }), now, 14)).toEqual({ state: "expires", days: 12 });
    expect(countdownOf(held({ holdUntil: "2026-06-20T13:00:00Z" }), now, 14)).toEqual({ state: "expires", days: 0 });
    expect(countdownOf(held({ holdUntil: "2026-07-02T12:00:00Z", waitsForAuthor: true }), now, 14)).toMatchObject({
      state: "confirms",
    });
    expect(countdownOf(held({}), now, 14)).toEqual({ state: "person" });
    expect(countdownOf(held({ submittedAt: "2026-06-01T12:00:00Z" }), now, 14)).toEqual({
      state: "overdue",
      since: new Date("2026-06-15T12:00:00Z"),
    });
  });

  it("is answered by one key, and never in place of the author", () => {
    const review = {
      status: "held" as const,
      edit: null,
      appeal: null,
      openReports: 0,
      unviewedMedia: 0,
      holdReasons: [],
    };
    expect(approvalOf(review, false)).toBe("publish");
    expect(approvalOf(review, true)).toBeNull();
    expect(approvalOf({ ...review, status: "published" }, false)).toBeNull();
    expect(approvalOf({ ...review, status: "published", unviewedMedia: 1 }, false)).toBe("approve_media");
    expect(approvalOf({ ...review, status: "published", openReports: 1 }, false)).toBe("keep");
    expect(approvalOf({ ...review, status: "deleted" }, false)).toBeNull();
  });
});

describe("the inbox's address", () => {
  it("asks for what waits, and knows nothing of stars", () => {
    const address = inboxSchema.parse({ tab: "nonsense", kind: null, q: "", rating: "1", stars: "1" });
    expect(requestOf(address, 30)).toEqual({ filter: "queue", limit: 30, cursor: null });
    expect(Object.keys(inboxSchema.shape)).not.toContain("rating");
  });
});

describe("weeks", () => {
  it("are whole weeks of the shop, through a change of clocks", () => {
    const { from, weeks } = lastWeeks(3, new Date("2026-11-03T12:00:00Z"), "America/New_York");
    expect(weeks).toEqual(["2026-10-19", "2026-10-26", "2026-11-02"]);
    expect(from.toISOString()).toBe("2026-10-19T04:00:00.000Z");
    // Late on Sunday in New York it is Monday in Tokyo.
    expect(lastWeeks(1, new Date("2026-11-01T20:00:00Z"), "Asia/Tokyo").weeks).toEqual(["2026-11-02"]);
  });

  it("have bars of their height, and means and shares only where there is something", () => {
    expect(layOutWeeks([0, 5, null], 10).map(({ height }) => height)).toEqual([0, 70, 0]);
    expect(layOutWeeks([1], 0)[0]?.height).toBe(0);
    expect([meanHundredths(0, 0), meanHundredths(13, 3), percentOf(1, 3), percentOf(0, 0)]).toEqual([
      null,
      433,
      33,
      null,
    ]);
  });
});

describe("the review settings as typed", () => {
  const draft = draftFromSettings(DEFAULT_REVIEW_SETTINGS);

  it("read back as they were saved", () => {
    const full = reviewSettingsSchema.parse({
      questions: QUESTION_IDEAS,
      savedReplies: [{ id: "a", name: "Thanks", text: "Thank you" }],
      requests: { waitByType: [{ productType: "Tea", days: 3 }] },
    });
    expect(readReviewDraft(draftFromSettings(full))).toEqual({ value: full });
    expect(readReviewDraft(draft)).toEqual({ value: DEFAULT_REVIEW_SETTINGS });
  });

  it("name each wrong field", () => {
    const wrong = readReviewDraft({
      ...draft,
      waitDays: "a week",
      linkDays: "6",
      waitByType: [{ key: "k", productType: " ", days: "500" }],
      questions: [{ ...QUESTION_IDEAS[0]!, label: { en: "", ja: " " } }],
      savedReplies: [{ id: "r", name: "", text: "" }],
    });
    expect("errors" in wrong && Object.keys(wrong.errors).sort()).toEqual([
      "linkDays",
      "question.fit.label",
      "reply.r.name",
      "reply.r.text",
      "type.k.days",
      "type.k.name",
      "waitDays",
    ]);
  });

  it("take full-width digits, and a promise to subscribers only", () => {
    const read = readReviewDraft({ ...draft, waitDays: "１４", mentionPoints: true, audience: "everyone" });
    expect(read).toMatchObject({ value: { requests: { waitDays: 14, audience: "subscribed" } } });
  });

  it("say whether shoppers see a difference", () => {
    const after = { ...DEFAULT_REVIEW_SETTINGS, names: "full" as const };
    expect(changesWhatIsShown(DEFAULT_REVIEW_SETTINGS, after)).toBe(true);
    const quiet = { ...DEFAULT_REVIEW_SETTINGS, tasks: { ...DEFAULT_REVIEW_SETTINGS.tasks, answerHours: 3 } };
    expect(changesWhatIsShown(DEFAULT_REVIEW_SETTINGS, quiet)).toBe(false);
  });

  it("move one thing by one place, and nothing beyond the ends", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });
});
