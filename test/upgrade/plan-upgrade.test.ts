import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import { loadSchemaSet } from '../../src/schemas/schema-set.ts';
import type { CheckObject, FileUpgrade } from '../../src/upgrade/plan-upgrade.ts';
import { planUpgrade } from '../../src/upgrade/plan-upgrade.ts';
import { unifiedDiff } from '../../src/upgrade/unified-diff.ts';

const schemas = path.join(import.meta.dirname, '../../schemas');
const check: CheckObject = createSchemaChecker([
  loadSchemaSet(path.join(schemas, 'external-secrets-0.20.4')),
  loadSchemaSet(path.join(schemas, 'kubernetes-1.34.4')),
]);
const old = 'external-secrets.io/v1beta1';

function plan(text: string): FileUpgrade {
  return planUpgrade('a.yaml', text, check);
}

function leftOf(text: string): string[] {
  return plan(text).left.map(({ line, what, because }) => `${line} ${what}: ${because}`);
}

const spec = 'spec: {data: [{secretKey: a, remoteRef: {key: k}}], secretStoreRef: {name: s}}';

/** How people write the apiVersion of an object: each becomes v1 in place, and nothing else moves. */
const spellings = {
  plain: `apiVersion: ${old}`,
  'with spaces and a comment': `apiVersion:    ${old}   # keep  `,
  'in double quotes': `apiVersion: "${old}"`,
  'in single quotes': `apiVersion: '${old}'`,
  'with a quoted key': `"apiVersion": ${old}`,
  'on the next line': `apiVersion:\n  ${old}`,
  'with an anchor': `apiVersion: &version ${old}`,
  'with a tag': `apiVersion: !!str ${old}`,
  'as a block text': `apiVersion: >-\n  ${old}`,
};

describe('an object of v1beta1', () => {
  for (const [name, line] of Object.entries(spellings))
    it(`${name}: only the version changes`, () => {
      for (const end of ['\n', '\r\n']) {
        const text =
          `# before\n${line}\nkind: ExternalSecret   # kind\nmetadata:   {name:  app}\n\n${spec}\n`.replaceAll(
            '\n',
            end,
          );
        const { after, upgraded, left } = plan(text);
        assert.equal(after, text.replace(old, 'external-secrets.io/v1'));
        assert.deepEqual(
          upgraded.map(({ kind, name: of }) => [kind, of]),
          [['ExternalSecret', 'app']],
        );
        assert.deepEqual(left, []);
      }
    });

  it('is found in JSON, in lists, in typed lists, in documents of one file, with a byte order mark', () => {
    const object = (name: string): string =>
      `{"apiVersion": "${old}", "kind": "ExternalSecret", "metadata": {"name": "${name}"}, "spec": {}}`;
    const text =
      `\ufeff${object('a')}\n---\napiVersion: v1\nkind: List\nitems:\n- ${object('b')}\n- apiVersion: v1\n  kind: List\n  items: [${object('c')}]\n` +
      `---\napiVersion: ${old}\nkind: ExternalSecretList\nitems: [${object('d')}]\n---\n\n---\n${object('e')}\n`;
    const { after, upgraded } = plan(text);
    assert.equal(after, text.replaceAll(old, 'external-secrets.io/v1'));
    assert.deepEqual(upgraded.map(({ name, line }) => [name, line]).toSorted(), [
      ['', 11],
      ['a', 1],
      ['b', 6],
      ['c', 9],
      ['d', 13],
      ['e', 17],
    ]);
  });

  it('that takes its apiVersion from another by an alias follows it', () => {
    const text = `kind: List\napiVersion: v1\nitems:\n- apiVersion: &v ${old}\n  kind: ExternalSecret\n  metadata: {name: a}\n  ${spec}\n- apiVersion: *v\n  kind: ExternalSecret\n  metadata: {name: b}\n  ${spec}\n`;
    const { after, upgraded } = plan(text);
    assert.equal(after, text.replace(old, 'external-secrets.io/v1'));
    assert.equal(upgraded.length, 2);
  });

  it('of the other kinds becomes v1 too; what was v1alpha1 or v1 stays', () => {
    const text = `apiVersion: ${old}
kind: ClusterExternalSecret
metadata: {name: a}
spec: {externalSecretSpec: {dataFrom: [{extract: {key: k}}]}, namespaceSelector: {matchLabels: {a: b}}}
---
apiVersion: ${old}
kind: ClusterSecretStore
metadata: {name: a}
spec: {provider: {gcpsm: {projectID: p}}}
---
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: {name: a}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a}
${spec}
`;
    const { after, left, upgraded } = plan(text);
    assert.equal(after, text.replaceAll(old, 'external-secrets.io/v1'));
    assert.equal(upgraded.length, 2);
    assert.deepEqual(left, []);
  });

  it('is left alone where v1 would refuse it, with the place', () => {
    const head = `apiVersion: ${old}\nkind: ExternalSecret\nmetadata: {name: a, namespace: team}\n`;
    assert.deepEqual(leftOf(`${head}spec: {target: {template: {engineVersion: v1}}}\n`), [
      '1 ExternalSecret team/a: v1 would refuse it: spec.target.template.engineVersion is "v1"; allowed: v2',
    ]);
    assert.match(
      leftOf(`${head}spec: {dataFrom: [{key: a}]}\n`)[0] ?? '',
      /v1 would refuse it: spec\.dataFrom\[0\]\.key is not a field/,
    );
    const text = `${head}spec: {data: 3}\n`;
    assert.equal(plan(text).after, text);
  });

  it('with a null, which the API server takes for absent, becomes v1', () => {
    const text = `apiVersion: ${old}\nkind: ExternalSecret\nmetadata: {name: a}\nspec: {refreshInterval: ~, target: {name: null}, dataFrom: [{extract: {key: k, version: }}]}\n`;
    assert.equal(plan(text).after, text.replace(old, 'external-secrets.io/v1'));
  });

  it('of v1alpha1 is left alone', () => {
    assert.deepEqual(leftOf('apiVersion: external-secrets.io/v1alpha1\nkind: SecretStore\nmetadata: {name: a}\n'), [
      '1 SecretStore a: external-secrets.io/v1alpha1 had other fields: write it anew as external-secrets.io/v1',
    ]);
  });

  it('inside of a Helm template, broken YAML, a comment, a text, an escape or a selector is left alone and told of', () => {
    const text = `# ${old}
apiVersion: ${old}
kind: ExternalSecret
metadata: {name: {{ .Values.name }}}
---
apiVersion: ${old}
kind: ExternalSecret
 metadata: broken
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  manifest: |
    apiVersion: ${old}
---
apiVersion: "external-secrets.io/v1b\\u0065ta1"
kind: ExternalSecret
metadata: {name: escaped}
spec: {}
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
- path: a.yaml
  target:
    group: external-secrets.io
    version: v1beta1
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
spec:
  rules:
  - generate:
      apiVersion: ${old}
      kind: ExternalSecret
`;
    const { after, left } = plan(text);
    assert.equal(after, text);
    assert.deepEqual(
      left.map(({ line, what, because, matters }) => [line, what, because, matters]),
      [
        [1, old, 'it is in a comment or inside a text', false],
        [4, 'a document', 'it is a Helm template', true],
        [
          7,
          'a document',
          'it cannot be read: a key and its value stand where only a value may: a colon too many, or a line break missing',
          true,
        ],
        [15, old, 'it is in a comment or inside a text', false],
        [17, 'ExternalSecret escaped', 'its apiVersion is spelled with escapes or over several lines', true],
        [28, 'a selector', 'it chooses objects of version v1beta1, of which there may be none afterwards', true],
        [35, 'ExternalSecret', 'it is part of another object', true],
      ],
    );
  });
});

describe('the diff', () => {
  it('is one that git applies, whatever the text', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-diff-'));
    const line = fc.constantFrom(`a: ${old}`, 'b: 1', '', '# c', '--- d', '+e');
    try {
      fc.assert(
        fc.property(
          fc.array(line, { minLength: 1, maxLength: 40 }),
          fc.boolean(),
          fc.constantFrom('\n', '\r\n'),
          (lines, ends, end) => {
            const before = lines.join(end) + (ends ? end : '');
            const after = before.replaceAll(old, 'external-secrets.io/v1');
            const diff = unifiedDiff('a.yaml', before, after);
            if (before === after) return diff === '';
            writeFileSync(path.join(folder, 'a.yaml'), before);
            const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
              cwd: folder,
              input: diff,
              encoding: 'utf8',
            });
            assert.equal(status, 0, stderr + diff);
            return readFileSync(path.join(folder, 'a.yaml'), 'utf8') === after;
          },
        ),
        { numRuns: 40 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows three lines around a change, and changes that are near in one piece', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const changed = lines.map((text, index) => ([1, 6, 20].includes(index) ? `${text} new` : text));
    assert.deepEqual(
      unifiedDiff('m/a.yaml', `${lines.join('\n')}\n`, `${changed.join('\n')}\n`)
        .split('\n')
        .filter((text) => /^(?:@@|---|\+\+\+)/.test(text)),
      ['--- a/m/a.yaml', '+++ b/m/a.yaml', '@@ -1,10 +1,10 @@', '@@ -18,7 +18,7 @@'],
    );
  });
});
