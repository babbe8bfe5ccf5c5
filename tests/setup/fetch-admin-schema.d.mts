export declare const adminSchemaFile: string;
export declare function fetchAdminSchema(): Promise<"present" | "fetched">;
