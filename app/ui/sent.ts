/** What a loader gave, as the browser has it: instants may have become texts. */
export type Sent<T> = T extends Date
  ? Date | string
  : T extends readonly (infer Item)[]
    ? Sent<Item>[]
    : T extends object
      ? { [Key in keyof T]: Sent<T[Key]> }
      : T;
