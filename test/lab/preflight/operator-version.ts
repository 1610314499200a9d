/** The one that the lab builds. */
export const operatorVersion = { major: 0, minor: 20, patch: 4 } as const;
