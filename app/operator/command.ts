// What a command of the operator's command line is; kizuna.ts holds the table of them.

/** The result of a command: one object for machines, a few lines for people. */
export interface CommandResult {
  /** false: the exit code is 1. */
  ok: boolean;
  json: object;
  text: string;
}
export interface CommandInput {
  /** Positional arguments. */
  files: string[];
  options: Record<string, string | boolean | undefined>;
  /** Progress, on stderr. */
  say: (line: string) => void;
}
export interface CommandOption {
  name: string;
  /** Shown after the name; absent: a flag. */
  value?: string;
  text: string;
}
export interface Command {
  name: string;
  summary: string;
  /** Arguments after the name, as the manual shows them. */
  synopsis: string;
  description: string;
  options: CommandOption[];
  run(input: CommandInput): Promise<CommandResult>;
}

/** The reader of the terminal did something that cannot work; the message says what. */
export class UsageError extends Error {
  override name = "UsageError";
}

const WIDTH = 88;

/** The manual page of all commands. */
export function manual(commands: readonly Command[]): string {
  const sections: [string, string][] = [
    ["NAME", "kizuna — the operator's command line of the loyalty app"],
    ["SYNOPSIS", "npm run kizuna -- COMMAND [OPTIONS]\nnpm run kizuna -- COMMAND --help"],
    ["COMMANDS", commands.map(({ name, summary }) => `${name.padEnd(14)}${summary}`).join("\n")],
    [
      "OPTIONS",
      [
        "--json        one JSON object on stdout and nothing else; progress goes to stderr",
        "--help, -h    this page, or a command's own",
      ].join("\n"),
    ],
    ["EXIT STATUS", "0  done and in order\n1  the command found a violation, or failed\n2  wrong usage"],
    [
      "ENVIRONMENT",
      "DATABASE_OWNER_URL    the role that owns the tables (migrate, audit)\nAll other variables are listed in .env.example.",
    ],
  ];
  return page(sections);
}

/** The manual page of one command. */
export function commandManual(command: Command): string {
  const options = [...command.options, { name: "json", text: "one JSON object on stdout and nothing else" }];
  const shown = options.map(({ name, value, text }) => [`--${name}${value ? ` ${value}` : ""}`, text] as const);
  const column = Math.max(...shown.map(([flag]) => flag.length)) + 3;
  return page([
    ["NAME", `kizuna ${command.name} — ${command.summary}`],
    ["SYNOPSIS", `npm run kizuna -- ${command.name} ${command.synopsis}`.trim()],
    ["DESCRIPTION", wrap(command.description)],
    ["OPTIONS", shown.map(([flag, text]) => flag.padEnd(column) + text).join("\n")],
  ]);
}

function page(sections: [string, string][]): string {
  return sections.map(([title, text]) => `${title}\n${text.replace(/^/gm, "    ")}\n`).join("\n");
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
