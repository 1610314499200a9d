import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import { parseManifests } from '../../src/manifest-input/parse-manifests.ts';

function parse(text: string): ReturnType<typeof parseManifests> {
  return parseManifests('a.yaml', text);
}

function problemsOf(text: string): string[] {
  return parse(text).problems.map(({ code, where, message }) => `${where} ${code} ${message}`);
}

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describe('the text of a manifest file', () => {
  it('is one object for each document, with its line; empty documents and comments are none', () => {
    const text = `# Source: chart/templates/a.yaml\n---\n# nothing\n---\n${configMap('a')}---\n# Source: b\n${configMap('b')}...\n`;
    const { documents, problems } = parse(text);
    assert.deepEqual(
      documents.map(({ file, line, apiVersion, kind, name, namespace }) => [
        file,
        line,
        apiVersion,
        kind,
        name,
        namespace,
      ]),
      [
        ['a.yaml', 5, 'v1', 'ConfigMap', 'a', ''],
        ['a.yaml', 11, 'v1', 'ConfigMap', 'b', ''],
      ],
    );
    assert.deepEqual(problems, []);
  });

  it('may be JSON, indented by tabs', () => {
    const { documents, problems } = parse(
      '{\n\t"apiVersion": "v1",\n\t"kind": "Namespace",\n\t"metadata": {"name": "a"}\n}\n',
    );
    assert.deepEqual(
      documents.map(({ kind, name }) => [kind, name]),
      [['Namespace', 'a']],
    );
    assert.deepEqual(problems, []);
  });

  it('flattens lists, also typed ones and lists in lists', () => {
    const item = '{apiVersion: v1, kind: ConfigMap, metadata: {name: inner, namespace: team}}';
    const { documents } = parse(
      `apiVersion: v1\nkind: List\nitems:\n  - ${item}\n  - apiVersion: v1\n    kind: List\n    items: [${item}]\n---\n` +
        'apiVersion: external-secrets.io/v1\nkind: ExternalSecretList\nitems:\n- metadata: {name: typed}\n',
    );
    assert.deepEqual(
      documents.map(({ line, apiVersion, kind, name, namespace }) => [line, apiVersion, kind, name, namespace]),
      [
        [4, 'v1', 'ConfigMap', 'inner', 'team'],
        [7, 'v1', 'ConfigMap', 'inner', 'team'],
        [12, 'external-secrets.io/v1', 'ExternalSecret', 'typed', ''],
      ],
    );
  });

  it('is read as Kubernetes reads YAML: 1.1 words, Go numbers, neither times nor dates', () => {
    const { documents } = parse(
      `${configMap('a')}data: {a: yes, b: 1:30, c: 2020-01-01, d: y, e: 0777, f: 0o7, g: 1_000, h: 1e3, i: e3, j: ~, k: "no", l: .5, m: -0x10, y: 1}\n`,
    );
    assert.deepEqual(documents[0]?.value['data'], {
      a: true,
      b: '1:30',
      c: '2020-01-01',
      d: true,
      e: 511,
      f: 7,
      g: 1000,
      h: 1000,
      i: 'e3',
      j: null,
      k: 'no',
      l: 0.5,
      m: -16,
      true: 1,
    });
  });

  it('names the place of what is broken, and reads the rest', () => {
    const { documents, problems } = parse(`${configMap('a')}---\na: b: c\n---\n${configMap('c')}`);
    assert.deepEqual(
      documents.map(({ name }) => name),
      ['a', 'c'],
    );
    assert.deepEqual(
      problems.map(({ code, file, line, column }) => [code, file, line, column]),
      [['M102', 'a.yaml', 6, 4]],
    );
  });

  it('refuses a key that is given twice', () => {
    assert.deepEqual(problemsOf(`${configMap('a')}data:\n  a: x\n  a: y\n`), [
      'a.yaml:7:3 M103 a key is given twice in one object',
    ]);
    assert.deepEqual(problemsOf('{"kind": "A", "kind": "B"}'), ['a.yaml:1:15 M103 a key is given twice in one object']);
  });

  it('refuses what is no object of Kubernetes', () => {
    assert.deepEqual(problemsOf('- 1\n---\nreplicas: 3\n---\ntext\n'), [
      'a.yaml:1:1 M104 is no Kubernetes object',
      'a.yaml:3:1 M104 is no Kubernetes object: it lacks apiVersion or kind',
      'a.yaml:5:1 M104 is no Kubernetes object',
    ]);
  });

  it('knows a Helm template from a template inside of an ExternalSecret', () => {
    assert.deepEqual(problemsOf(`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n`), [
      'a.yaml:4:9 M105 is a Helm template, not YAML',
    ]);
    assert.deepEqual(problemsOf('{{- if .Values.on }}\nkind: A\n{{- end }}\n'), [
      'a.yaml:1:1 M105 is a Helm template, not YAML',
    ]);
    assert.deepEqual(
      problemsOf(`${configMap('a')}data:\n  a: "{{ .x }}"\n  b: |\n    {{ .y }}\n  c: x {{ .z }}\n`),
      [],
    );
  });

  it('does not hang or throw on aliases that lead nowhere or explode', () => {
    assert.deepEqual(problemsOf('a: *nothing\n'), [
      'a.yaml:1:1 M102 has an alias (*name) that leads nowhere or too far',
    ]);
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let index = 0; index < 9; index++) {
      const before = String.fromCharCode(97 + index);
      bomb.push(
        `${String.fromCharCode(98 + index)}: &${String.fromCharCode(98 + index)} [${`*${before},`.repeat(9)}*${before}]`,
      );
    }
    assert.deepEqual(problemsOf(bomb.join('\n')), [
      'a.yaml:1:1 M102 has an alias (*name) that leads nowhere or too far',
    ]);
  });
});

describe("a Secret's values", () => {
  const value = 'example-hidden-value';
  const encoded = Buffer.from(value).toString('base64');
  const copy = JSON.stringify({ data: { password: encoded } });
  const text =
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${copy}'\n    team: x\n` +
    `data:\n  password: ${encoded}\nstringData:\n  other: ${value}\n`;

  it('are opaque at once, in lists too', () => {
    const indented = text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
    for (const given of [text, `apiVersion: v1\nkind: List\nitems:\n  -\n${indented}\n`]) {
      const [document] = parse(given).documents;
      const data = document?.value['data'] as Record<string, unknown>;
      assert.ok(data['password'] instanceof SecretValue);
      assert.equal(data['password'].reveal(), encoded);
      const shown = inspect(document, { depth: 20 }) + JSON.stringify(document);
      assert.ok(!shown.includes(value) && !shown.includes(encoded), shown);
      assert.deepEqual((document?.value['metadata'] as Record<string, unknown>)['annotations'], { team: 'x' });
    }
  });

  it('do not reach the message about broken YAML', () => {
    for (const broken of [
      `  x: ${value}: 2`,
      `  x: |${value} y`,
      `  x: "${value}\\q"`,
      `  x: *${value}`,
      `  password: ${value}`,
      `  ? ${value}\n a`,
    ]) {
      const { problems } = parse(`${text.split('stringData')[0] ?? ''}${broken}\n`);
      assert.equal(problems.length > 0, true, broken);
      assert.ok(!JSON.stringify(problems).includes(value), JSON.stringify(problems));
    }
  });
});
