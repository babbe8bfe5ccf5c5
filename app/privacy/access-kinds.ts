// What of customers' data a member of staff may look at: the words of the access log. The page says them in the
// reader's language (privacy.kinds).

export const ACCESS_KINDS = [
  "member_list",
  "member_search",
  "member",
  "customer_block",
  "member_export",
  "history_export",
  "import",
  "redemptions",
  "referrals",
  "messages",
  "review_list",
  "review",
  "review_requests",
  "tasks",
  "gallery",
  "data_download",
] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];
