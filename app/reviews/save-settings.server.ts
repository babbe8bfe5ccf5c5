// Saves the review settings, and marks what they change for shoppers.
import { inShop, type ShopId } from "../db.server";
import { DEFAULT_REVIEW_SETTINGS, reviewSettingsSchema, type ReviewSettings } from "./review-settings";

export interface SettingsProblem {
  /** requests.waitDays, questions.0.label … */
  path: string;
  code: string;
}
export type SaveReviewSettings = { outcome: "saved" } | { outcome: "invalid"; problems: SettingsProblem[] };

/**
 * Replaces the settings.
 * @param hasRewards whether the program gives points for reviews: the Shop app takes no reviews that were paid for
 */
export async function saveReviewSettings(
  shopId: ShopId,
  settings: unknown,
  hasRewards: boolean,
): Promise<SaveReviewSettings> {
  const parsed = reviewSettingsSchema.safeParse(settings);
  if (!parsed.success)
    return {
      outcome: "invalid",
      problems: parsed.error.issues.map((issue) => ({ path: issue.path.join("."), code: codeOf(issue) })),
    };
  const next = lawful(parsed.data);
  if (next.shopAppSync && hasRewards)
    return { outcome: "invalid", problems: [{ path: "shopAppSync", code: "rewards_are_on" }] };
  await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ reviews: unknown }>(
      "SELECT reviews FROM shop_profile WHERE shop_id = $1 FOR NO KEY UPDATE",
      [shopId],
    );
    if (rows.length === 0) throw new Error("a shop without a profile has no review settings");
    const before = reviewSettingsSchema.safeParse(rows[0]?.reviews).data ?? DEFAULT_REVIEW_SETTINGS;
    await tx.query("UPDATE shop_profile SET reviews = $2 WHERE shop_id = $1", [shopId, JSON.stringify(next)]);
    if (changesWhatIsShown(before, next)) await markEverything(tx.query.bind(tx), shopId);
  });
  return { outcome: "saved" };
}

// A request that promises points is advertising: it goes to those who agreed to it, whatever the form said.
function lawful(settings: ReviewSettings): ReviewSettings {
  if (!settings.requests.mentionPoints) return settings;
  return { ...settings, requests: { ...settings.requests, audience: "subscribed" } };
}

function codeOf(issue: { code: string }): string {
  return (issue as { params?: { code?: string } }).params?.code ?? issue.code;
}

/** Whether pages that shoppers see say something else after the change. */
export function changesWhatIsShown(before: ReviewSettings, after: ReviewSettings): boolean {
  const shown = ({ questions, names, open, publish, media }: ReviewSettings) =>
    JSON.stringify([questions, names, open, publish, media.photos, media.videos]);
  return shown(before) !== shown(after);
}

type Query = (text: string, values: unknown[]) => Promise<unknown>;
async function markEverything(query: Query, shopId: ShopId): Promise<void> {
  await query(
    `INSERT INTO rating_change (shop_id, group_key)
     SELECT $1, group_key FROM rating_summary WHERE shop_id = $1 UNION SELECT $1, ''`,
    [shopId],
  );
}
