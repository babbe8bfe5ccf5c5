interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}
export interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, LockedPackage & Record<string, unknown>>;
}
type Finding = { name: string; severity: string };
export const INSTALL_SCRIPTS: Record<string, string>;
export function findProblems(manifest: Record<string, unknown>, lockfile: Lockfile): string[];
export function readAudit(
  json: string,
): { checked: false; why: string } | { checked: true; grave: Finding[]; found: Finding[] };
