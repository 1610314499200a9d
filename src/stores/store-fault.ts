/**
 * Why a request to a store failed, before it is known which operation it was for: the store makes a StoreError of it. A server's own texts are
 * only looked at, never passed on: some quote what was sent.
 */

import type { StoreRetry } from './contract.ts';

/** @property effect `none`: the store did nothing, so the request may be sent again. `unknown`: it may have done what it was asked for. */
export type StoreFaultDetails = {
  /** Fits after a colon. */
  readonly because: string;
  readonly hint: string;
  /** Whether it may succeed later, with nothing changed here. */
  readonly retryable: boolean;
  readonly effect: 'none' | 'unknown';
  /** Whether trying again within the second is of use. */
  readonly worthRepeating?: boolean;
  /** What the store asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** What is told of a repetition. Default: `unavailable`. */
  readonly trouble?: StoreRetry['because'];
};

export class StoreFault extends Error implements StoreFaultDetails {
  readonly because: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly effect: 'none' | 'unknown';
  readonly worthRepeating: boolean;
  readonly retryAfterMs: number | undefined;
  readonly trouble: StoreRetry['because'];

  constructor(details: StoreFaultDetails) {
    super(details.because);
    this.name = new.target.name;
    this.because = details.because;
    this.hint = details.hint;
    this.retryable = details.retryable;
    this.effect = details.effect;
    this.worthRepeating = details.worthRepeating ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.trouble = details.trouble ?? 'unavailable';
  }
}

/** The same, of a request that was not even sent. */
export function withoutEffect(fault: StoreFault): StoreFault {
  const { because, hint, retryable, worthRepeating, retryAfterMs, trouble } = fault;
  return new StoreFault({ because, hint, retryable, worthRepeating, retryAfterMs, trouble, effect: 'none' });
}
