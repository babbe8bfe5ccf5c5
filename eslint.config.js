import n from "eslint-plugin-n";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "build/",
      ".data/",
      "app/generated/",
      "app/shopify/generated/",
      "node_modules/",
      "extensions/**/assets/",
      ".dependency-cruiser.cjs",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { n },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // Remix answers early by throwing a Response.
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "lib", name: "Response" }] }],
      // Async functions without await are how a port promises asynchrony.
      "@typescript-eslint/require-await": "off",
      // Destructuring { t } or { query } from an object of closures is safe and usual here.
      "@typescript-eslint/unbound-method": "off",
      "max-params": ["error", 5],
      "no-console": "error",
    },
  },
  { files: ["app/**"], ignores: ["app/env.server.ts"], rules: { "n/no-process-env": "error" } },
  // Tests take JSON, GraphQL kinds and Liquid values apart; the assertions are what is typed there.
  {
    files: ["tests/**"],
    rules: {
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      "max-params": ["error", 6],
    },
  },
  // The command line, the demo and the bench speak to a person on the terminal.
  {
    files: [
      "app/operator/**",
      "tests/integration/whole/**",
      "tests/demo/**",
      "tests/setup/**",
      "tests/bench/**",
      "tests/simulator/**",
    ],
    rules: { "no-console": "off" },
  },
  {
    files: ["app/**/*.tsx"],
    plugins: { "react-hooks": reactHooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
