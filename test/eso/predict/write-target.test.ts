import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dataHash, objectHash, resourceVersion } from '../../../src/eso/predict/object-hash.ts';
import { goString } from '../../../src/eso/go/go-string.ts';
import type { ExistingSecret, Predicted } from '../../../src/eso/prediction.ts';
import type { ExternalSecretTarget } from '../../../src/eso/resources.ts';
import { SecretBytes } from '../../../src/eso/secret-bytes.ts';
import type { Given } from './sample.ts';
import { data, existing, externalSecret, extract, predicted, summary, template } from './sample.ts';

const notUpdated = 'could not update secret';
const ownerLabel = 'reconcile.external-secrets.io/created-by';

function outcome(target: Partial<ExternalSecretTarget>, secret?: ExistingSecret, value = '{"a":"x"}'): Predicted {
  const given: Given = { remote: { K: value }, ...(secret === undefined ? {} : { secrets: { app: secret } }) };
  return predicted(externalSecret({ dataFrom: [extract('K')], target }), given);
}

function fails(message: string, event: string): object {
  return { kind: 'fails', message, event };
}

/** As the operator leaves it. */
function own(
  contents: Readonly<Record<string, string>>,
  rest: Partial<Omit<ExistingSecret, 'data'>> = {},
): ExistingSecret {
  const secret = existing(contents);
  return existing(contents, {
    labels: { 'reconcile.external-secrets.io/managed': 'true', [ownerLabel]: objectHash('example/app') },
    annotations: { 'reconcile.external-secrets.io/data-hash': dataHash(secret.data) },
    controller: { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: 'app' },
    ...rest,
  });
}

describe('the digests of the operator', () => {
  it('are those that were seen', () => {
    const bytes = (text: string): SecretBytes => new SecretBytes(goString(text));
    assert.equal(
      dataHash(
        new Map([
          ['b', bytes('12')],
          ['a', bytes('')],
        ]),
      ),
      '71665a876709673cff20c2f03b40d4ecea4a1b95d97804f7a8d58bcc',
    );
    assert.equal(resourceVersion(1, {}, {}), '1-f47fe3c0b255b6dd8047cdffa772587bb829efe7a1cb70febeda2eb2');
  });
});

describe('the target Secret', () => {
  it('is left alone where it is right already', () => {
    assert.deepEqual(summary(outcome({}, own({ a: 'x' }))), { kind: 'unchanged', data: { a: 'x' } });
    assert.deepEqual(summary(outcome({}, own({ a: 'y' }))), { kind: 'updated', data: { a: 'x' } });
    assert.deepEqual(summary(outcome({}, own({ a: 'x' }, { labels: {} }))), { kind: 'updated', data: { a: 'x' } });
  });

  it('of another owner is refused', () => {
    const other = { apiVersion: 'external-secrets.io/v1beta1', kind: 'ExternalSecret', name: 'other' };
    assert.deepEqual(
      summary(outcome({ creationPolicy: 'Orphan' }, existing({}, { controller: other }))),
      fails(
        'target is owned by another ExternalSecret',
        'unable to mutate secret app: secret is owned by another ExternalSecret: other',
      ),
    );
    const sealed = { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', name: 'app' };
    assert.deepEqual(
      summary(outcome({}, existing({}, { controller: sealed }))),
      fails(
        'failed to take ownership of target secret',
        'unable to mutate secret app: could not set controller reference on secret: Object example/app is already owned by another SealedSecret controller app',
      ),
    );
    assert.equal(outcome({ creationPolicy: 'Orphan' }, existing({}, { controller: sealed })).kind, 'syncs');
  });

  it('that is immutable keeps its data', () => {
    assert.deepEqual(summary(outcome({ immutable: true }, own({ a: 'old' }, { immutable: true }))), {
      kind: 'unchanged',
      data: { a: 'old' },
    });
    assert.deepEqual(
      summary(outcome({}, own({ a: 'old' }, { immutable: true }))),
      fails('could not update secret, target is immutable', 'unable to update secret app: secret is immutable'),
    );
    const flagged = outcome({ immutable: true }, own({ a: 'old' }));
    assert.deepEqual(summary(flagged), { kind: 'updated', data: { a: 'old' } });
    assert.ok(flagged.kind === 'syncs' && flagged.effect.kind === 'updated' && flagged.effect.secret.immutable);
  });

  it('with Merge loses what the operator wrote before, and keeps the rest', () => {
    const managed = [
      { manager: 'externalsecrets.external-secrets.io/app', data: ['stale'], labels: ['old'], annotations: [] },
    ];
    const before = existing({ stale: '1', kept: '2' }, { managed, labels: { old: 'x', theirs: 'y' } });
    const after = outcome({ creationPolicy: 'Merge' }, before);
    assert.ok(after.kind === 'syncs' && after.effect.kind === 'updated');
    assert.deepEqual([...after.effect.secret.data.keys()].toSorted(), ['a', 'kept']);
    assert.deepEqual(after.effect.secret.labels, { theirs: 'y', 'reconcile.external-secrets.io/managed': 'true' });
  });

  it('keeps stale labels where the name is cut in two ways', () => {
    const name = 'a'.repeat(40);
    const manager = `externalsecrets.external-secrets.io/sha3/${objectHash(name)}`;
    const managed = [{ manager, data: ['stale'], labels: ['old'], annotations: [] }];
    const secret = existing({ stale: '1' }, { managed, labels: { old: 'x' } });
    const resource = externalSecret({ dataFrom: [extract('K')], target: { creationPolicy: 'Merge' } }, { name });
    const after = predicted(resource, { remote: { K: '{"a":"x"}' }, secrets: { app: secret } });
    assert.ok(after.kind === 'syncs' && after.effect.kind === 'updated');
    assert.deepEqual([...after.effect.secret.data.keys()], ['a']);
    assert.equal(after.effect.secret.labels['old'], 'x');
  });

  it('is deleted where nothing is left and that is wanted', () => {
    const gone = 'secret deleted due to DeletionPolicy=Delete';
    assert.deepEqual(summary(outcome({ deletionPolicy: 'Delete' }, own({}), '{}')), { kind: 'deleted', message: gone });
    assert.deepEqual(summary(outcome({ deletionPolicy: 'Delete' }, undefined, '{}')), {
      kind: 'untouched',
      message: gone,
    });
    assert.deepEqual(
      summary(outcome({ deletionPolicy: 'Delete', creationPolicy: 'Orphan' }, own({}), '{}')),
      fails('could not delete secret', 'unable to delete secret app: creationPolicy=Orphan is not Owner'),
    );
    assert.deepEqual(summary(outcome({ deletionPolicy: 'Merge' }, undefined, '{}')), { kind: 'created', data: {} });
  });

  it('with the policy None is not touched', () => {
    assert.deepEqual(summary(outcome({ creationPolicy: 'None' })), { kind: 'untouched', message: 'secret synced' });
  });

  it('is taken to be absent where nobody looked', () => {
    const unknown = predicted(externalSecret({ dataFrom: [extract('K')] }), {
      remote: { K: '{"a":"x"}' },
      secrets: { app: 'unknown' },
    });
    assert.equal(summary(unknown).kind, 'created');
    assert.deepEqual(unknown.assumed, ['there is no Secret app yet']);
  });
});

describe('what the API server refuses', () => {
  const invalid = (faults: string, before = ''): object =>
    fails(notUpdated, `${before}Secret "app" is invalid: ${faults}`);
  const typed = (type: string, value: string): object =>
    summary(outcome({ template: template({ type }) }, undefined, value));

  it('is a key that is a directory', () => {
    assert.deepEqual(
      summary(outcome({}, undefined, '{"..":"x"}')),
      invalid('data[..]: Invalid value: "..": must not be \'..\''),
    );
    assert.deepEqual(
      summary(outcome({}, existing({}), '{"..a":"x"}')),
      invalid('data[..a]: Invalid value: "..a": must not start with \'..\'', 'unable to update secret app: '),
    );
  });

  it('is a type without what it needs', () => {
    const missing = (key: string): string => `data[${key}]: Required value`;
    assert.deepEqual(
      typed('kubernetes.io/tls', '{"a":"x"}'),
      invalid(`[${missing('tls.crt')}, ${missing('tls.key')}]`),
    );
    assert.deepEqual(typed('kubernetes.io/tls', '{"tls.crt":"x"}'), invalid(missing('tls.key')));
    assert.deepEqual(typed('kubernetes.io/ssh-auth', '{"ssh-privatekey":""}'), invalid(missing('ssh-privatekey')));
    assert.deepEqual(
      typed('kubernetes.io/basic-auth', '{"a":"x"}'),
      invalid(`[${missing('username')}, ${missing('password')}]`),
    );
    assert.deepEqual(typed('kubernetes.io/basic-auth', '{"username":"x"}'), {
      kind: 'created',
      data: { username: 'x' },
    });
    assert.deepEqual(
      typed('kubernetes.io/dockerconfigjson', '{".dockerconfigjson":"x"}'),
      invalid(
        'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of value',
      ),
    );
    assert.deepEqual(
      typed('kubernetes.io/service-account-token', '{"a":"x"}'),
      invalid('metadata.annotations[kubernetes.io/service-account.name]: Required value'),
    );
  });

  it('is another type than before', () => {
    assert.deepEqual(
      summary(outcome({ template: template({ type: 'kubernetes.io/tls' }) }, own({}), '{"tls.crt":"x","tls.key":"y"}')),
      invalid('type: Invalid value: "kubernetes.io/tls": field is immutable', 'unable to update secret app: '),
    );
  });

  it('is a name that is none', () => {
    const labelled = (labels: Readonly<Record<string, string>>): object =>
      summary(outcome({ template: template({ metadata: { labels, annotations: {}, finalizers: [] } }) }));
    const name =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    assert.deepEqual(labelled({ 'a b': '' }), invalid(`metadata.labels: Invalid value: "a b": name part ${name}`));
    assert.deepEqual(
      labelled({ 'a/b/c': '' }),
      invalid(
        `metadata.labels: Invalid value: "a/b/c": a qualified name ${name} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ),
    );
    assert.deepEqual(
      labelled({ 'a/': '' }),
      invalid(
        `[metadata.labels: Invalid value: "a/": name part must be non-empty, metadata.labels: Invalid value: "a/": name part ${name}]`,
      ),
    );
  });

  it('is more than a mebibyte', () => {
    const entries = ['a', 'b'].map((key) => data(key, key));
    const half = 'x'.repeat(512 * 1024);
    const sized = (more: string): object =>
      summary(predicted(externalSecret({ data: entries }), { remote: { a: half, b: half + more } }));
    assert.deepEqual(sized('y'), invalid('data: Too long: may not be more than 1048576 bytes'));
    assert.notEqual((sized('') as { kind: string }).kind, 'fails');
  });

  it('is a label that is none, whose value is not shown', () => {
    const labels = { tier: '{{ .a }}' };
    const resource = { template: template({ metadata: { labels, annotations: {}, finalizers: [] } }) };
    const refused = outcome(resource, undefined, '{"a":"example value"}');
    const rule =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    assert.deepEqual(summary(refused), invalid(`metadata.labels: Invalid value: "example value": ${rule}`));
    assert.ok(refused.kind === 'fails');
    assert.doesNotMatch(String(refused.events.at(-1)?.message), /example value/);
  });

  it('may be a finalizer without a domain', () => {
    const finalized = (name: string): string =>
      outcome({ template: template({ metadata: { labels: {}, annotations: {}, finalizers: [name] } }) }).kind;
    assert.equal(finalized('example.com/keep'), 'syncs');
    assert.equal(finalized('keep'), 'unpredictable');
  });

  it('in two places of one map is unpredictable', () => {
    const twice = outcome({}, undefined, '{"..":"x","...":"y"}');
    assert.ok(twice.kind === 'unpredictable' && twice.reason === 'map-order');
  });
});
