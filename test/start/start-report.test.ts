import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { renderStart, renderStartMarkdown } from '../../src/report/start-report.ts';
import { platformOf } from '../fixtures/configuration.ts';
import { azure, configuration, plain, platform, startWith, stores } from './start-fixture.ts';

describe('what npm start prints', () => {
  it('is a line for each Secret, with symbol and word, the keys, the reads, and what to do next', async () => {
    const text = renderStart(await startWith(platform()), plain);
    assert.equal(
      text,
      `dev: what each application would receive. All values are made up.

  vault-secret-store    Vault in memory      2 secrets seeded
  azure-keyvault-store  Key Vault in memory  2 secrets seeded

  shop (vault-secret-store)
    ✓ synced  payment  1 read  PROVIDER, CARD_KEY
    ✓ synced  hook     1 read  HOOK, kind (example.org/hook, from azure-keyvault-store)

  desk (azure-keyvault-store)
    ✓ synced  hook     1 read  HOOK

  without secrets: idle

3 reads per refresh, 72 a day; 48 of them from Key Vault, under $0.01 a month at $0.03 per 10,000.
Manifests: dist/dev
✓ 3 of 3 Kubernetes Secrets would be synced.
Next: npm run check
`,
    );
  });

  it('tells what fails and why, what stays as it is, and what it does not know', async () => {
    const sound = configuration();
    const payment = {
      ...sound.secrets['payment'],
      targets: [{ name: 'payment' }, { name: 'made', template: { up: '{{ .PROVIDER | upper }}' } }],
    } as SecretDefinition;
    const of = stores((operation) => operation === 'write');
    const result = await startWith(platformOf({ ...sound, secrets: { ...sound.secrets, payment } }, azure), of);
    const text = renderStart(result, plain);
    assert.match(text, /0 secrets seeded, not seeded: shop\/payment \(forbidden\)/);
    assert.match(
      text,
      /✗ fails {2}payment {2}1 read {2}SecretSyncedError, "could not update secret"\n {8}required in shop\/payment, but missing or empty: PROVIDER\n/,
    );
    assert.match(text, /✗ 0 of 4 Kubernetes Secrets would be synced\.\nNext: mend .*npm start\n$/);

    const seeded = stores();
    await seeded.keyVault.write('desk-hook', new SecretValue('example'), { expected: 'absent' });
    const partly = renderStart(
      await startWith(platformOf({ ...sound, secrets: { ...sound.secrets, payment } }, azure), seeded),
      plain,
    );
    assert.match(partly, /1 secret seeded, 1 left as they were/);
    assert.match(partly, /\? unsure {2}made .*\n {8}made by a template that is not evaluated here: up\n/);
    assert.match(partly, /\n\? 3 of 4 Kubernetes Secrets/);

    const empty = stores();
    await empty.vault.write('shop/payment', new SecretValue('{}'), { expected: 'absent' });
    const optional = {
      ...payment,
      targets: [{ name: 'payment' }],
      fields: { NOTE: { description: 'd', format: 'text', required: false } },
    };
    const nothing = platformOf(
      { ...sound, secrets: { ...sound.secrets, payment: optional as SecretDefinition } },
      azure,
    );
    assert.match(
      renderStart(await startWith(nothing, empty), plain),
      /\? retained {2}payment .*\n {8}shop\/payment holds no field/,
    );
  });

  it('is coloured only where asked, and never by colour alone', async () => {
    const result = await startWith(platform());
    const coloured = renderStart(result, { colour: true, symbols: 'unicode' });
    // eslint-disable-next-line no-control-regex -- what must be there
    assert.match(coloured, /\u001b\[32m✓ synced\u001b\[0m {2}payment/);
    // eslint-disable-next-line no-control-regex -- what is taken out
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), renderStart(result, plain));
    // eslint-disable-next-line no-control-regex -- what must not be there
    assert.match(renderStart(result, { colour: false, symbols: 'ascii' }), /^[\u0000-\u007f]*$/);
  });

  it('fits a comment as Markdown, totals first', async () => {
    const result = await startWith(platform());
    const markdown = renderStartMarkdown(result);
    assert.match(markdown, /^\*\*dev\*\*: 3 of 3 Kubernetes Secrets would be synced\./);
    assert.match(markdown, /\n\| shop \| payment \| synced \| PROVIDER, CARD_KEY \| 1 \|\n/);
    const [application] = result.applications;
    assert.ok(application);
    const large = { ...result, applications: Array.from({ length: 2000 }, () => application) };
    const cut = renderStartMarkdown(large);
    assert.ok(cut.length < 60_000);
    assert.match(cut, /\n… and \d+ more: npm start -- --output json has all of them\.\n$/);
  });
});
