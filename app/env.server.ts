// The only reader of process.env. Anything wrong stops the start with its name and the way out.
import { z } from "zod";

const variables = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  /** web | worker | all: what this process does. */
  KIZUNA_ROLE: z.enum(["web", "worker", "all"]).default("all"),
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  /** The app role: tenant tables under row-level security. */
  DATABASE_URL: z.url(),
  /** The router role: inbox, sessions, shops, pg-boss; cannot read tenant tables. */
  DATABASE_ROUTER_URL: z.url(),
  SHOPIFY_API_KEY: z.string().min(8),
  SHOPIFY_API_SECRET: z.string().min(16),
  /** Public origin of the app, as Shopify and browsers reach it. */
  SHOPIFY_APP_URL: z.url(),
  SCOPES: z
    .string()
    .default(
      "read_customers,write_customers,read_customer_merge,read_orders,read_products,write_products,read_discounts,write_discounts,read_gift_cards,write_gift_cards,read_store_credit_accounts,read_store_credit_account_transactions,write_store_credit_account_transactions,read_fulfillments,read_returns,read_shopify_payments_disputes,read_themes,write_app_proxy",
    ),
  /** keyId:base64 of 32 bytes, newest first, comma-separated: encrypts tokens at rest. */
  KIZUNA_TOKEN_KEYS: z.string().regex(/^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/),
  /** Connections per pool; throughput falls beyond 8 on two cores. */
  KIZUNA_POOL_MAX: z.coerce.number().int().min(1).max(64).default(8),
  /** smtp://user:password@host:587 or smtps://…; unset: nothing is mailed, and Settings says so. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** The address mail comes from; the name beside it is each shop's. Needed with SMTP_URL. */
  MAIL_FROM: z.email().optional(),
  /** Where photos and videos of reviews live: on this disk, in a bucket, or in each shop's own files at Shopify. */
  KIZUNA_MEDIA_STORE: z.enum(["disk", "s3", "shopify"]).default("disk"),
  /** For disk: shared by all processes. */
  KIZUNA_MEDIA_FOLDER: z.string().min(1).default(".data/media"),
  /** For s3: the service's address, the bucket and a key that may read, write, list and delete in it. */
  KIZUNA_S3_ENDPOINT: z.url().optional(),
  KIZUNA_S3_BUCKET: z.string().min(1).optional(),
  KIZUNA_S3_REGION: z.string().min(1).default("us-east-1"),
  KIZUNA_S3_KEY_ID: z.string().min(1).optional(),
  KIZUNA_S3_SECRET: z.string().min(1).optional(),
  /** How long a stopping process goes on answering, while /readyz already says no: a balancer's time to notice. */
  KIZUNA_DRAIN_SECONDS: z.coerce.number().int().min(0).max(60).default(0),
  /** Whoever holds it may read GET /metrics; unset: nothing is counted and there is no such page. */
  KIZUNA_METRICS_TOKEN: z.string().min(16).optional(),
  /** Proxies of ours before this process, each of which appends to X-Forwarded-For; 0: none, and the header is not believed. */
  KIZUNA_TRUSTED_HOPS: z.coerce.number().int().min(0).max(5).default(0),
  /** A collector of traces (OTLP over HTTP); unset: nothing is traced. The other OTEL_ variables are the library's. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Set only beside the shop simulator: where calls to *.myshopify.com go instead. */
  SHOPIFY_SIMULATOR_URL: z.url().optional(),
  /** Where the page loads App Bridge from; unset: Shopify's CDN. */
  APP_BRIDGE_URL: z.url().optional(),
});
/** Asked for only where it is used: a shop that keeps its media elsewhere lets nobody at its files. */
const FILES = "write_files";
const schema = variables
  .refine(({ SMTP_URL, MAIL_FROM }) => SMTP_URL === undefined || MAIL_FROM !== undefined, {
    path: ["MAIL_FROM"],
    message: "SMTP_URL needs the address that mail comes from",
  })
  .refine(
    (all) =>
      all.KIZUNA_MEDIA_STORE !== "s3" ||
      (all.KIZUNA_S3_ENDPOINT && all.KIZUNA_S3_BUCKET && all.KIZUNA_S3_KEY_ID && all.KIZUNA_S3_SECRET),
    { path: ["KIZUNA_S3_ENDPOINT"], message: "a bucket needs KIZUNA_S3_ENDPOINT, _BUCKET, _KEY_ID and _SECRET" },
  )
  .refine(({ KIZUNA_MEDIA_STORE, SCOPES }) => KIZUNA_MEDIA_STORE !== "shopify" || SCOPES.split(",").includes(FILES), {
    path: ["SCOPES"],
    message: `files at Shopify need the scope ${FILES}, here and in shopify.app.toml`,
  });

export type Env = z.infer<typeof schema>;

/**
 * Parses an environment.
 * @throws Error naming each wrong variable (never its value: it may be a secret).
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const defined = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(defined);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not complete:\n${problems.join("\n")}\nSee .env.example.`);
  }
  return parsed.data;
}

let cached: Env | undefined;
/** The process's environment, parsed on first use. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

/** The owner's database URL, which only the command line uses; undefined when it is not set. */
export function ownerDatabaseUrl(): string | undefined {
  return process.env.DATABASE_OWNER_URL || undefined;
}

/** For programs that handle strangers' files: where to find what they call, and nothing that is secret. */
export const PROGRAM_ENVIRONMENT: NodeJS.ProcessEnv = { NODE_ENV: "production", PATH: process.env.PATH };

/** For child processes of ours: this process's environment with `extra` on top. */
export function childEnvironment(extra: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
