// Names and addresses as they may stand in a header or a greeting. Pure.

// Line ends, controls, and marks that turn the direction of writing or hide.
const UNSEEN = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;
const LINK_LIKE = /https?:|www\.|:\/\/|[\w-]+\.[a-z]{2,}(\/|$|\s)|@/iu;
const NAME_MAX = 60;

/** A name for a header: one line, nothing that could begin another header or an address. */
export function headerName(name: string): string {
  return name
    .replace(UNSEEN, " ")
    .replace(/[<>"@\\,;:]+/g, " ")
    .replace(/\s+/gu, " ")
    .trim()
    .slice(0, NAME_MAX);
}

/**
 * A shopper's name for a greeting, or nothing: whoever signs up as "Hi http://…" must not make us write
 * their advertisement to a stranger's address.
 */
export function greetingName(name: string): string | null {
  const clean = name.replace(UNSEEN, " ").replace(/\s+/gu, " ").trim();
  if (clean === "" || [...clean].length > NAME_MAX || LINK_LIKE.test(clean)) return null;
  return clean;
}

/** Text that is one line wherever it stands. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, " ").replace(/\s+/gu, " ").trim();
}
