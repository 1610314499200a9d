import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { parseFields, unquoteText } from '../../src/model/secret-text.ts';
import { seedSecret } from '../../src/start/seed.ts';
import { checkout, Repository } from '../fixtures/repository.ts';
import { platformOf } from '../fixtures/configuration.ts';

/** Those that say of themselves that they are examples; a bare `true` stands in many places. */
function seededValues(secret: Secret): string[] {
  const parsed = parseFields(seedSecret(secret, 'fields').reveal());
  assert.equal(parsed.kind, 'fields');
  return parsed.fields.flatMap(({ raw }) => unquoteText(raw) ?? []).filter((value) => /example/i.test(value));
}

describe('npm start on a fresh clone', () => {
  it('shows what each application would receive, writes the manifests, and ends by itself', () => {
    using repository = new Repository();
    const { status, stdout, stderr } = repository.run(['start']);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^ {4}✓ synced {2}agent-jira-secrets +1 read {2}ATLASSIAN_TOKEN, ATLASSIAN_EMAIL, ATLASSIAN_API_URL, ATLASSIAN_VERIFY_SSL$/m,
    );
    assert.match(
      stdout,
      /\n14 reads per refresh, 336 a day\.\nManifests: dist\/dev\n✓ 14 of 14 Kubernetes Secrets would be synced\.\nNext: npm run check\n$/,
    );
    assert.ok(repository.has('dist/dev/ai-platform-engineering/manifests/externalsecret-agent-jira-secrets.yaml'));
  });

  it('shows no value, in any format, nor writes one', async () => {
    using repository = new Repository();
    const { configuration } = await loadConfiguration(checkout);
    const values = platformOf(configuration).secrets.flatMap((secret) => seededValues(secret));
    assert.ok(values.length > 30);
    const outputs = ['text', 'markdown', 'json'].map((format) => {
      const { stdout, stderr } = repository.run(['start', '--output', format]);
      return stdout + stderr;
    });
    for (const file of Object.keys(repository.tree('dist')))
      outputs.push(readFileSync(path.join(repository.root, 'dist', file), 'utf8'));
    for (const value of values)
      for (const output of outputs) assert.ok(!output.includes(value), `shown: ${value.slice(0, 40)}`);
  });

  it('says what is wrong, and exits 1', () => {
    using repository = new Repository();
    repository.edit('config/secrets.ts', "application: 'headlamp'", "application: 'headlmp'");
    const { status, stdout } = repository.run(['start']);
    assert.equal(status, 1);
    assert.match(stdout, /there is no application "headlmp" {3}C008\n/);
  });

  it('shows one application with --application', () => {
    using repository = new Repository();
    const { stdout } = repository.run(['start', '--application', 'headlamp']);
    assert.match(stdout, /headlamp-oidc/);
    assert.doesNotMatch(stdout, /agent-jira-secrets/);
  });
});
