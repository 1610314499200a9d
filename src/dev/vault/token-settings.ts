/** What a role says of the tokens that it gives (sdk/helper/tokenutil). */
import { booleanField, durationField, integerField, textsField } from './fields.ts';
import type { Fields } from './fields.ts';

export type TokenSettings = {
  readonly policies: readonly string[];
  readonly ttlS: number;
  readonly maxTtlS: number;
  readonly explicitMaxTtlS: number;
  readonly periodS: number;
  readonly numUses: number;
  readonly noDefaultPolicy: boolean;
};

/** What is left out stays as it was. `policies` and `ttl` are the older names. */
export function readTokenSettings(fields: Fields, before: TokenSettings | undefined): TokenSettings {
  const policies = textsField(fields, 'token_policies') ?? textsField(fields, 'policies');
  return {
    policies: policies?.map((name) => name.toLowerCase()).toSorted() ?? before?.policies ?? [],
    ttlS: durationField(fields, 'token_ttl') ?? durationField(fields, 'ttl') ?? before?.ttlS ?? 0,
    maxTtlS: durationField(fields, 'token_max_ttl') ?? durationField(fields, 'max_ttl') ?? before?.maxTtlS ?? 0,
    explicitMaxTtlS: durationField(fields, 'token_explicit_max_ttl') ?? before?.explicitMaxTtlS ?? 0,
    periodS: durationField(fields, 'token_period') ?? before?.periodS ?? 0,
    numUses: integerField(fields, 'token_num_uses') ?? before?.numUses ?? 0,
    noDefaultPolicy: booleanField(fields, 'token_no_default_policy') ?? before?.noDefaultPolicy ?? false,
  };
}

export function tokenSettingsJson(settings: TokenSettings): Record<string, unknown> {
  return {
    token_bound_cidrs: [],
    token_explicit_max_ttl: settings.explicitMaxTtlS,
    token_max_ttl: settings.maxTtlS,
    token_no_default_policy: settings.noDefaultPolicy,
    token_num_uses: settings.numUses,
    token_period: settings.periodS,
    token_policies: settings.policies,
    token_ttl: settings.ttlS,
    token_type: 'default',
  };
}
