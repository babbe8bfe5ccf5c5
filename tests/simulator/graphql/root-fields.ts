// What a request asks for, by the names of its root fields.
import { getOperationAST, GraphQLError, Kind, parse, type SelectionSetNode } from "graphql";

const REMEMBERED_MAX = 500;
const remembered = new Map<string, string[]>();

/** Root fields of the operation that would run; none when the request cannot be read. */
export function rootFieldsOf(request: { query: string; operationName?: string | undefined }): string[] {
  const key = `${request.operationName ?? ""} ${request.query}`;
  const known = remembered.get(key);
  if (known) return known;
  const names = read(request.query, request.operationName);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(key, names);
  return names;
}

function read(query: string, operationName: string | undefined): string[] {
  try {
    const document = parse(query);
    const fragments = new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [],
      ),
    );
    const fieldsOf = (set: SelectionSetNode | undefined): string[] =>
      (set?.selections ?? []).flatMap((one) => {
        if (one.kind === Kind.FIELD) return [one.name.value];
        return fieldsOf(one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : fragments.get(one.name.value));
      });
    return fieldsOf(getOperationAST(document, operationName)?.selectionSet);
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}
