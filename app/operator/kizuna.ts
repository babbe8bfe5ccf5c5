// npm run kizuna -- COMMAND: what an operator does from a terminal.
import { parseArgs } from "node:util";

import { closeDatabase } from "../db.server";
import { rotateSessionKeys } from "../shopify/session-storage.server";
import { rotateBirthdayKeys } from "../privacy/rotate-birthday-keys.server";
import { businessNow } from "../clock.server";
import { AT_SHOPIFY, auditAtShopify } from "./audit-shopify.server";
import { runAudit } from "./audit.server";
import { commandManual, manual, UsageError, type Command } from "./command";
import { migrateDatabase } from "./migrate.server";
import { findOwnerUrl } from "./owner-url.server";
import { recordAudit } from "./record-audit.server";
import { replayCommand } from "./replay-command.server";

const DATABASE_OPTION = {
  name: "database-url",
  value: "URL",
  text: "the owner's database (default: DATABASE_OWNER_URL)",
};

const COMMANDS: readonly Command[] = [
  {
    name: "audit",
    summary: "check the invariants over the whole database, read-only",
    synopsis: "[--json] [--shopify] [--database-url URL]",
    description:
      "Checks that the books balance: balances against entries and lots, entries against what the rules answer, keys, caps and the " +
      "rows of every shop. Runs as the owner, in one read-only snapshot. Exits 1 on any violation; a check that saw no rows although " +
      "its table holds some is a violation. Each shop's health page then shows when it ran and how it ended. With --shopify it also asks each shop for the codes that points bought; that needs the " +
      "app's environment.",
    options: [DATABASE_OPTION, { name: "shopify", text: "also compare the codes at Shopify" }],
    async run({ options, say }) {
      const ownerUrl = findOwnerUrl(options["database-url"], say);
      const report = await runAudit(ownerUrl, (done, total, law) => say(`${done + 1}/${total} ${law}`));
      if (options["shopify"] === true) {
        say(AT_SHOPIFY.law);
        const atShopify = await auditAtShopify(await businessNow(), say);
        report.invariants.push(atShopify);
        report.ok &&= atShopify.violations === 0;
      }
      if ((await recordAudit(ownerUrl, report)).outcome === "unwritable")
        say("This database takes no writes: the shops' health pages do not show this audit.");
      const lines = report.invariants.map(
        ({ id, rows, violations, seconds }) =>
          `${violations === 0 ? "ok  " : "FAIL"}  ${id.padEnd(4)} ${rows} rows, ${violations} violations, ${seconds} s`,
      );
      return {
        ok: report.ok,
        json: report,
        text: [
          ...lines,
          ...report.notApplicable.map(({ id, why }) => `  -   ${id.padEnd(4)} ${why}`),
          report.ok ? "The books are in order." : "The books are NOT in order.",
        ].join("\n"),
      };
    },
  },
  replayCommand,
  {
    name: "migrate",
    summary: "bring the database to this version",
    synopsis: "[--json] [--database-url URL]",
    description:
      "Applies the pending migrations, prepares the job queue's own schema and grants the two group roles what they need. Safe to run " +
      "again, and at the same time from several machines. Run it before the new version starts.",
    options: [DATABASE_OPTION],
    async run({ options, say }) {
      const result = await migrateDatabase(findOwnerUrl(options["database-url"], say));
      return { ok: true, json: result, text: "The database is up to date." };
    },
  },
  {
    name: "rotate-keys",
    summary: "re-encrypt stored Shopify tokens and birthdays under the newest key",
    synopsis: "[--json]",
    description:
      "Put a new key in front of KIZUNA_TOKEN_KEYS (id:base64 of 32 random bytes), restart the app, run this command, then remove the " +
      "old key. Safe beside a running app. Needs the app's environment.",
    options: [],
    async run() {
      const sessions = await rotateSessionKeys();
      const birthdays = await rotateBirthdayKeys();
      return {
        ok: true,
        json: { ...sessions, birthdays: birthdays.sealed },
        text: `${sessions.rotated} sessions re-encrypted, ${sessions.current} were current. ${birthdays.sealed} birthdays re-encrypted.`,
      };
    },
  },
];

function parse(command: Command, args: string[]) {
  const known = Object.fromEntries(
    command.options.map(({ name, value }) => [name, { type: value ? "string" : "boolean" } as const]),
  );
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...known, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nnpm run kizuna -- ${command.name} --help`);
  }
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(manual(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new UsageError(`There is no command "${name}". npm run kizuna -- --help lists them.`);
  const { values, positionals } = parse(command, rest);
  const options: Record<string, string | boolean | undefined> = values;
  if (options.help) {
    process.stdout.write(commandManual(command));
    return 0;
  }
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const result = await command.run({ files: positionals, options, say });
  await write(options.json ? JSON.stringify(result.json) : result.text);
  return result.ok ? 0 : 1;
}

// Waits for the pipe: a process that exits at once would cut a long answer short.
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const usage = error instanceof UsageError;
    process.stderr.write(
      `${usage || !(error instanceof Error) ? String((error as Error).message ?? error) : (error.stack ?? error.message)}\n`,
    );
    return usage ? 2 : 1;
  })
  .then(async (code) => {
    await closeDatabase();
    process.exit(code);
  })
  .catch(() => process.exit(1));
