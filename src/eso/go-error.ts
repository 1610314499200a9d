/**
 * How the predictor leaves a computation inside src/eso, as the operator's code leaves one with an error. Neither leaves src/eso: `predict`
 * turns them into outcomes.
 */
import { OperatorText } from './operator-text.ts';

/** What kind of thing went wrong, for a finding's code and the way to mend it. The text says the rest. */
export type FailureCause =
  | 'secret-missing' // the store has no such secret, or it is deleted
  | 'secret-disabled'
  | 'forbidden' // to the operator
  | 'property-missing'
  | 'not-an-object' // an extract of what is not a JSON object
  | 'key-collision' // two names become one by conversion
  | 'invalid-key' // the operator's ValidateKeys refuses it
  | 'rewrite'
  | 'decoding'
  | 'template' // it cannot be parsed, or fails when it is executed
  | 'template-source' // a ConfigMap or Secret of templateFrom is absent
  | 'store-missing'
  | 'store-not-ready'
  | 'store-denied' // a ClusterSecretStore's conditions
  | 'store-configuration'
  | 'provider' // the provider answered with another error
  | 'target-refused' // by the API server: a key, a type, a size, an immutable Secret
  | 'target-owned' // by another ExternalSecret or controller
  | 'target-immutable'
  | 'policy' // policies that contradict each other
  | 'other';

/** The operator ends here with an error of this text. */
export class GoError extends Error {
  readonly text: OperatorText;
  readonly reason: FailureCause;
  /** Whether NoSecretErr ("Secret does not exist") is in its chain: with a deletionPolicy other than Retain it is no error. */
  readonly noSecret: boolean;

  constructor(text: string | OperatorText, reason: FailureCause = 'other', noSecret = false) {
    super('the operator would end with an error');
    this.text = OperatorText.of(text);
    this.reason = reason;
    this.noSecret = noSecret;
  }

  /** As fmt.Errorf("…%w…") does. `reason` takes the place of `other`. */
  wrap(before: string, reason: FailureCause = 'other', after = ''): GoError {
    return new GoError(this.text.wrap(before, after), this.reason === 'other' ? reason : this.reason, this.noSecret);
  }
}

/** Why something cannot be predicted. Permanent: preflight's codes are made of them. */
export type UnpredictableReason =
  /** A function whose result is another each time, or depends on the cluster or the network: now, randAlphaNum, genCA, getHostByName. */
  | 'random'
  /** The order in which Go goes through a map decides. */
  | 'map-order'
  /** A template's function or construct that is not evaluated here. */
  | 'template'
  /** A gjson query beyond dotted paths: wildcards, queries, modifiers. */
  | 'query'
  /** A regular expression, or a rewrite, that is not evaluated here. */
  | 'rewrite'
  /** We may not see what the operator may or may not see. */
  | 'forbidden'
  /** The store or provider is one that is not read here, or it could not be reached. */
  | 'store'
  /** A resource that was not given: a ConfigMap of templateFrom, the namespace's labels, a generator. */
  | 'resource'
  /** An operator's setting or version that decides and is not known. */
  | 'operator';

export class Unpredictable extends Error {
  readonly reason: UnpredictableReason;
  /** For people; names, never a value: `its template uses now`. */
  readonly because: string;

  constructor(reason: UnpredictableReason, because: string) {
    super(`unpredictable: ${because}`);
    this.reason = reason;
    this.because = because;
  }
}
