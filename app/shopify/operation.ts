/** A GraphQL document with the types that the code generator read from it. */
export interface Operation<Data, Variables> {
  readonly text: string;
  /** Nullable fields that Shopify may deny us (protected customer data) without spoiling the rest of the answer. */
  readonly optional: readonly string[];
  /** Never set: carries the types. */
  readonly types?: { data: Data; variables: Variables };
}

/** Marks a document with its generated types; see codegen.ts. */
export function operation<Data, Variables>(
  text: string,
  { optional = [] }: { optional?: readonly string[] } = {},
): Operation<Data, Variables> {
  return { text, optional };
}
