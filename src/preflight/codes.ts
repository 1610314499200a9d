/** The permanent codes of predictions; their pages are in src/model/problem-pages.ts. */
import type { FailureCause, UnpredictableReason } from '../eso/go-error.ts';
import type { ProblemCode } from '../model/problem.ts';

export const failureCodes = {
  'secret-missing': 'P101',
  'secret-disabled': 'P102',
  forbidden: 'P103',
  'property-missing': 'P104',
  'not-an-object': 'P105',
  decoding: 'P106',
  template: 'P107',
  'template-source': 'P108',
  'key-collision': 'P109',
  'invalid-key': 'P110',
  rewrite: 'P111',
  'store-missing': 'P112',
  'store-not-ready': 'P113',
  'store-denied': 'P114',
  'store-configuration': 'P115',
  provider: 'P116',
  'target-refused': 'P117',
  'target-owned': 'P118',
  'target-immutable': 'P119',
  policy: 'P120',
  other: 'P121',
} as const satisfies Readonly<Record<FailureCause, ProblemCode>>;

export const unpredictableCodes = {
  template: 'P301',
  query: 'P302',
  'map-order': 'P303',
  rewrite: 'P304',
  forbidden: 'P305',
  store: 'P306',
  resource: 'P307',
  operator: 'P308',
  random: 'P310',
} as const satisfies Readonly<Record<UnpredictableReason, ProblemCode>>;

/** A success that writes nothing: the operator reports that it is synced. */
export const writesNothing = 'P201' satisfies ProblemCode;
/** The Secret is deleted, and the operator reports a success. */
export const deletesTheSecret = 'P202' satisfies ProblemCode;
/** What an entry reads is missing; the others are synced. */
export const leavesOut = 'P203' satisfies ProblemCode;
/** The operator does nothing and says nothing. */
export const isSkipped = 'P204' satisfies ProblemCode;
/** It was synced once, and is not refreshed any more. */
export const isNotRefreshed = 'P205' satisfies ProblemCode;
/** Another ExternalSecret that is looked at writes the same Secret. */
export const hasRival = 'P309' satisfies ProblemCode;
/** The API server refuses the manifest: the operator never sees it. */
export const refusedManifest = 'P130' satisfies ProblemCode;
