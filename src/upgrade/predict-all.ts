/** What becomes of each ExternalSecret where every secret of every store holds the same made-up fields: comparable before and after a change. */
import { goString } from '../eso/go/go-string.ts';
import { defaultSettings } from '../eso/operator-settings.ts';
import { predict } from '../eso/predict.ts';
import type { OperatorSettings } from '../eso/prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import type { Resources } from '../manifest-input/parse-resources.ts';
import { createWorld } from '../preflight/create-world.ts';

/** Plain data: the predictions as JSON, with the values that were made up. */
export function predictAll(manifests: Resources, version: OperatorSettings['version']): string[] {
  const operator = defaultSettings(version);
  const world = { ...createWorld({ manifests, platformStores: [], cluster: undefined, operator }), read: madeUp };
  return manifests.externalSecrets.map(({ resource: externalSecret }) =>
    JSON.stringify(predict({ externalSecret, world }), (key, value: unknown) =>
      key === 'data' && value instanceof Map
        ? [...value].map(([name, bytes]: [string, { reveal: () => string }]) => [name, bytes.reveal()])
        : value,
    ),
  );
}

function madeUp(request: ProviderRequest): ProviderAnswer {
  if (request.kind === 'vault-secrets' || request.kind === 'key-vault-secrets')
    return { kind: 'unknown', because: 'nothing was listed' };
  return { kind: 'present', secret: { value: goString('{"example":"example-value","other":"1.50"}'), tags: {} } };
}
