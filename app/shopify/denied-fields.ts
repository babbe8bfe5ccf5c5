// Fields that Shopify leaves out of an answer because an approval (protected customer data) or a scope is missing.
import { z } from "zod";

const problemSchema = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.object({ code: z.string().optional() }).loose().optional(),
});
const problemsSchema = z.array(problemSchema);

/** One entry of an answer's `errors`. */
export type GraphqlProblem = z.infer<typeof problemSchema>;

/** The answer's errors as far as they can be read. */
export function toProblems(errors: unknown): GraphqlProblem[] {
  return problemsSchema.safeParse(errors).data ?? [];
}

/**
 * The optional fields that were denied; null when something else is wrong with the answer: another error, or a
 * denial that left no value where one is needed.
 */
export function deniedFields(problems: GraphqlProblem[], data: unknown, optional: readonly string[]): string[] | null {
  if (problems.length === 0) return null;
  const denied = new Set<string>();
  for (const { path, extensions } of problems) {
    const field = extensions?.code === "ACCESS_DENIED" && path ? fieldLeftOut(path, data) : null;
    if (field === null || !optional.includes(field)) return null;
    denied.add(field);
  }
  return [...denied].sort();
}

// A denied value that may not be null takes the nearest field above it that may be.
function fieldLeftOut(path: (string | number)[], data: unknown): string | null {
  let [value, field]: [unknown, string | null] = [data, null];
  for (const step of path) {
    if (typeof value !== "object" || value === null) break;
    value = (value as Record<string | number, unknown>)[step];
    // An element of a list that is missing is no field: what is gone looks the same.
    field = typeof step === "string" ? step : null;
  }
  return value === null || value === undefined ? field : null;
}

/** Which of the fields, and of the query's own, hold a value in the answer: those are not denied any more. */
export function answeredFields(data: unknown, optional: readonly string[]): string[] {
  const found = new Set<string>();
  const roots = Object.entries(data ?? {}).flatMap(([name, value]) => (value === null ? [] : [name]));
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (inner !== null && optional.includes(name)) found.add(name);
      if (found.size < optional.length) look(inner);
    }
  };
  look(data);
  return [...roots, ...found];
}

/** What a refusal of customer data as a whole concerns; null when that is not what was refused. */
export function refusedCustomerData(problems: GraphqlProblem[]): string | null {
  const refused = problems.find(({ message }) => /protected[- ]customer[- ]data/i.test(message));
  return refused ? String(refused.path?.[0] ?? "customers") : null;
}
