declare module "naughty-words" {
  const words: Record<"en" | "ja", string[]>;
  export default words;
}
