/** What differs between versions of External Secrets Operator in what its API takes and fills in. */
export type OperatorApi = {
  readonly atLeast: (major: number, minor: number) => boolean;
  readonly refreshInterval: string;
  readonly creationPolicies: readonly string[];
  readonly knowsNullBytePolicy: boolean;
  readonly defaults: {
    readonly conversionStrategy: string;
    readonly decodingStrategy: string;
    readonly metadataPolicy: string;
    readonly nullBytePolicy: string;
  };
};

export type OperatorVersion = { readonly major: number; readonly minor: number };

export function operatorApi({ major, minor }: OperatorVersion): OperatorApi {
  const atLeast = (wantedMajor: number, wantedMinor: number): boolean =>
    major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  // From 2.9 on nothing is filled in here, and the operator takes what is absent for Default and None.
  const filled = !atLeast(2, 9);
  const knowsNullBytePolicy = atLeast(2, 3);
  return {
    atLeast,
    refreshInterval: atLeast(1, 0) ? '1h0m0s' : '1h',
    creationPolicies: ['Owner', 'Orphan', 'Merge', 'None', ...(atLeast(2, 0) ? ['CreateOrMerge'] : [])],
    knowsNullBytePolicy,
    defaults: {
      conversionStrategy: filled ? 'Default' : '',
      decodingStrategy: filled ? 'None' : '',
      metadataPolicy: filled ? 'None' : '',
      nullBytePolicy: filled && knowsNullBytePolicy ? 'Ignore' : '',
    },
  };
}
