export declare function generateClient(): Promise<"current" | "generated" | "impossible">;
export declare function buildApp(options?: { force?: boolean }): Promise<"current" | "built" | "impossible">;
