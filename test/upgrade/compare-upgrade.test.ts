import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareUpgrade } from '../../src/upgrade/compare-upgrade.ts';
import { judgeUpgrade } from '../../src/upgrade/upgrade-files.ts';
import { predictAll } from '../../src/upgrade/predict-all.ts';

const version = { major: 0, minor: 20, patch: 4 };
const options = { version, defaultNamespace: 'default' };
const text = `apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata: {name: s}
spec: {provider: {vault: {server: "https://vault.example", path: secret, auth: {tokenSecretRef: {name: t, key: token}}}}}
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: a}
spec:
  secretStoreRef: {name: s}
  target: {template: {data: {greeting: "hello {{ .example }}"}}}
  dataFrom: [{extract: {key: k}}]
---
apiVersion: v1
kind: Secret
metadata: {name: t}
stringData: {token: example-token}
`;
const upgraded = text.replaceAll('/v1beta1', '/v1');

function compare(after: string): string | undefined {
  return compareUpgrade({ file: 'a.yaml', before: text, after }, options, (resources) =>
    predictAll(resources, version),
  );
}

describe('an upgraded file', () => {
  it('that says the same is written', () => {
    assert.equal(compare(upgraded), undefined);
    assert.deepEqual(judgeUpgrade('a.yaml', text, () => [], version).plan.after, upgraded);
    assert.equal(judgeUpgrade('a.yaml', text, () => [], version).refusedBecause, undefined);
  });

  const differences: Readonly<Record<string, readonly [after: string, because: RegExp]>> = {
    'another value': [upgraded.replace('key: k', 'key: other'), /^line 6: the object does not hold the same$/],
    'another apiVersion': [
      upgraded.replace('io/v1\nkind: ExternalSecret', 'io/v2\nkind: ExternalSecret'),
      /^line 6: another apiVersion/,
    ],
    'a document less': [upgraded.split('---')[0] ?? '', /^not the same documents can be read$/],
    'a document that is broken': [upgraded.replace('spec:\n', 'spec: :\n'), /^not the same documents can be read$/],
  };
  for (const [name, [after, because]] of Object.entries(differences))
    it(`with ${name} is refused`, () => {
      assert.match(compare(after) ?? 'written', because);
    });

  it('is predicted with a store that holds something, so that a template is evaluated', () => {
    const predictions: string[] = [];
    compareUpgrade({ file: 'a.yaml', before: text, after: upgraded }, options, (resources) => {
      predictions.push(...predictAll(resources, version));
      return predictions.length;
    });
    assert.equal(predictions.length, 2);
    assert.match(predictions[0] ?? '', /hello example-value/);
  });
});
