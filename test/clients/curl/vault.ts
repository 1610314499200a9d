/** Drives a Vault by curl, as people and scripts do: with the verb LIST. The token and what is sent are never arguments: curl reads them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { done, step } from '../javascript/steps.ts';

const {
  VAULT_ADDR: address = '',
  VAULT_TOKEN: token = '',
  CANARY: canary = '',
  UNSEAL_KEY: unsealKey = '',
} = process.env;

type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly data: Record<string, unknown>;
};

/** Curl's own quoting, for its configuration file. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** @param method GET, or what `--request` is given; @param withToken null sends none */
function curl(method: string, path: string, body?: object, withToken: string | null = token): Answer {
  const lines = [
    ...(withToken === null ? [] : [`header = ${quoted(`X-Vault-Token: ${withToken}`)}`]),
    ...(body === undefined ? [] : [`data = ${quoted(JSON.stringify(body))}`]),
    ...(method === 'PATCH' ? [`header = "Content-Type: application/merge-patch+json"`] : []),
  ];
  const args = ['--silent', '--show-error', '--max-time', '20', '--config', '-', '--request', method];
  const { status, stdout, stderr } = spawnSync(
    'curl',
    [...args, '--write-out', '\n%{http_code}', `${address}/v1/${path}`],
    {
      input: lines.join('\n'),
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  const end = stdout.lastIndexOf('\n');
  const [text, code] = [stdout.slice(0, end), stdout.slice(end + 1)];
  const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: Number(code), body: parsed, data: (parsed['data'] ?? {}) as Record<string, unknown> };
}

await step('write, read, versions', () => {
  const write = curl('POST', 'secret/data/app/one', { data: { password: canary } });
  assert.deepEqual([write.status, write.data['version']], [200, 1]);
  assert.equal(curl('PUT', 'secret/data/app/one', { data: { password: `${canary}-2` } }).data['version'], 2);
  assert.deepEqual(curl('GET', 'secret/data/app/one').data['data'], { password: `${canary}-2` });
  assert.deepEqual(curl('GET', 'secret/data/app/one?version=1').data['data'], { password: canary });
});
await step('list 60 secrets by the verb LIST, and by GET with list=true', () => {
  const names = Array.from({ length: 60 }, (_, number) => `s-${String(number).padStart(2, '0')}`);
  for (const name of names) assert.equal(curl('POST', `secret/data/many/${name}`, { data: { a: canary } }).status, 200);
  assert.deepEqual(curl('LIST', 'secret/metadata/many').data['keys'], names);
  assert.deepEqual(curl('GET', 'secret/metadata/many?list=true').data['keys'], names);
});
await step('LIST of nothing: 404 without errors', () => {
  const { status, body } = curl('LIST', 'secret/metadata/nothing');
  assert.deepEqual([status, body], [404, { errors: [] }]);
});
await step('LIST without a token, and with one that is unknown: 403', () => {
  assert.equal(curl('LIST', 'secret/metadata/many', undefined, null).status, 403);
  assert.equal(curl('LIST', 'secret/metadata/many', undefined, `${canary}-token`).status, 403);
});
await step('LIST of policies, of AppRole’s roles, of accessors', () => {
  assert.deepEqual(curl('LIST', 'sys/policies/acl').data['keys'], ['default', 'root']);
  assert.equal(curl('POST', 'sys/auth/approle', { type: 'approle' }).status, 204);
  assert.equal(curl('POST', 'auth/approle/role/app', { token_policies: ['default'] }).status, 204);
  assert.deepEqual(curl('LIST', 'auth/approle/role').data['keys'], ['app']);
  assert.equal(curl('LIST', 'auth/token/accessors').status, 200);
});
await step('merge patch', () => {
  assert.equal(curl('PATCH', 'secret/data/app/one', { data: { added: 'x' } }).data['version'], 3);
  assert.deepEqual(curl('GET', 'secret/data/app/one').data['data'], { password: `${canary}-2`, added: 'x' });
  assert.equal(curl('PATCH', 'secret/data/nothing', { data: { added: 'x' } }).status, 404);
});
await step('check-and-set that does not match: 400', () => {
  const { status, body } = curl('POST', 'secret/data/app/one', { data: { a: canary }, options: { cas: 1 } });
  assert.deepEqual([status, body['errors']], [400, ['check-and-set parameter did not match the current version']]);
});
await step('delete, undelete, destroy, metadata', () => {
  assert.equal(curl('DELETE', 'secret/data/app/one').status, 204);
  const deleted = curl('GET', 'secret/data/app/one');
  assert.deepEqual([deleted.status, deleted.data['data']], [404, null]);
  assert.equal(curl('POST', 'secret/undelete/app/one', { versions: [3] }).status, 204);
  assert.equal(curl('GET', 'secret/data/app/one').status, 200);
  assert.equal(curl('PUT', 'secret/destroy/app/one', { versions: [1] }).status, 204);
  assert.equal(curl('POST', 'secret/metadata/app/one', { custom_metadata: { owner: 'team' } }).status, 204);
  assert.deepEqual(curl('GET', 'secret/metadata/app/one').data['custom_metadata'], { owner: 'team' });
  assert.equal(curl('DELETE', 'secret/metadata/app/one').status, 204);
  assert.equal(curl('GET', 'secret/metadata/app/one').status, 404);
});
await step('subkeys', () => {
  assert.deepEqual(curl('GET', 'secret/subkeys/many/s-00').data['subkeys'], { a: null });
});
await step('a mount that does not exist: 404 no handler', () => {
  const { status, body } = curl('GET', 'nowhere/data/a');
  assert.equal(status, 404);
  assert.match(String(body['errors']), /no handler for route "nowhere\/data\/a"/);
});
await step('health and seal status without a token; sealed 503', () => {
  assert.equal(curl('GET', 'sys/health', undefined, null).status, 200);
  assert.equal(curl('GET', 'sys/seal-status', undefined, null).body['sealed'], false);
  assert.equal(curl('PUT', 'sys/seal').status, 204);
  assert.equal(curl('GET', 'sys/health', undefined, null).status, 503);
  const { status, body } = curl('LIST', 'secret/metadata/many');
  assert.deepEqual([status, body['errors']], [503, ['Vault is sealed']]);
  assert.equal(curl('PUT', 'sys/unseal', { key: unsealKey }, null).body['sealed'], false);
});
done();
