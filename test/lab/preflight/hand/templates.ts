/** Templates: the reference's cases 34 to 36, 1.11 and section 9. */
import { Cases, extract } from './reading.ts';
import type { Reading } from './reading.ts';

const cases = new Cases('templates');
const value =
  '{"a":"one","b-c":"two","n":"3","empty":"","quote":"x\\"<&>\\u2028y","json":"{\\"k\\":[1,2.50]}","list":"a,b,c"}';

const templated = (about: string, data: Readonly<Record<string, string>>, more: Reading = {}): void => {
  const target = { ...more.target, template: { data, ...(more.target?.['template'] as object | undefined) } };
  cases.both(about, value, { dataFrom: [extract()], ...more, target });
};

templated('34: a missing key', { out: '{{ .missing }}' });
templated('34: a missing key by index', { out: '[{{ index . "missing" }}]' });
templated('34: a missing key in if', { out: '{{ if .missing }}x{{ end }}' });
templated('35: Replace', { out: '{{ .a }}' });
templated('35: Merge', { out: '{{ .a }}' }, { target: { template: { mergePolicy: 'Merge' } } });
templated('36: a key with a dash', { out: '{{ .b-c }}' });
templated('36: a key with a dash by index', { out: '{{ index . "b-c" }}' });
templated('a field of a text', { out: '{{ .a.b }}' });
templated('a function that is not there', { out: '{{ nothing .a }}' });
templated('getHostByName and env', { out: '{{ env "HOME" }}' });
templated('unclosed', { out: '{{ .a' });
templated('unclosed if', { out: '{{ if .a }}' });
templated('fail', { out: '{{ fail "required field A is missing" }}' });
templated('fail with a value', { out: '{{ fail .a }}' });
templated('required', { out: '{{ .empty | required "it is empty" }}' });
templated('range and variables', { out: '{{ range $k, $v := . }}{{ $k }}={{ $v | quote }};{{ end }}' });
templated('trimming, comments and else', {
  out: ' {{- /* c */ -}} x {{- if eq .a "two" }}2{{ else if eq .a "one" }} 1 {{- else }}0{{ end -}} ',
});
templated('with, define, template, block', {
  out: '{{ define "t" }}<{{ . }}>{{ end }}{{ with .a }}{{ template "t" . }}{{ end }}{{ block "u" .n }}{{ . }}{{ end }}',
});
templated('break and continue', {
  out: '{{ range $i, $x := splitList "," .list }}{{ if eq $x "b" }}{{ continue }}{{ end }}{{ $i }}{{ $x }}{{ end }}',
});
templated('a value as it is printed', { out: '{{ printf "%s %q %v %d %5.2f %x %t" .a .quote .n 7 2.5 .a true }}' });
templated('toJson', { out: '{{ .quote | toJson }} {{ .quote | toRawJson }} {{ . | toJson }}' });
templated('fromJson', {
  out: '{{ (fromJson .json).k }} {{ index (fromJson .json).k 1 }} {{ fromJson .json | toYaml }}',
});
templated('numbers', {
  out: '{{ add 1 2 }} {{ div 7 2 }} {{ mulf 1.5 2 }} {{ .n | int }} {{ round 2.567 2 }} {{ float64 "1e3" }}',
});
templated('texts', {
  out: '{{ .a | upper | b64enc | b64dec | repeat 2 | trunc 5 | nindent 2 }} {{ .list | splitList "," | join "-" }}',
});
templated('digests', { out: '{{ .a | sha256sum }} {{ .a | sha1sum }} {{ .a | adler32sum }}' });
templated('lists and dicts', {
  out: '{{ list 1 "a" nil true }} {{ dict "k" 1 "j" "x" }} {{ has "a" (list "a") }} {{ get (dict "x" "y") "x" }}',
});
templated('no value', { out: '{{ nil }}' });
templated('no value by dict', { out: '{{ (dict "a" nil).a }} {{ get (dict) "q" }}x' });
templated('division by zero', { out: '{{ div 1 0 }}' });
templated('index out of range', { out: '{{ index (list 1) 3 }}' });
templated('wrong type', { out: '{{ len 3 }}' });
templated('wrong number', { out: '{{ upper }}' });
templated('now', { out: '{{ now }}' });
templated('random', { out: '{{ randAlphaNum 5 }}' });
templated('uuid', { out: '{{ uuidv4 }}' });
templated('generated', { out: '{{ genPrivateKey "ed25519" }}' });
templated('bcrypt', { out: '{{ bcrypt "example" }}' });
templated('a key that the API server refuses', { 'a/b': '{{ .a }}' });
templated('an empty key', { '': 'x' });
templated('a date', { out: '{{ "2024-01-02" | toDate "2006-01-02" | date "02.01.2006" }}' });
templated('regexp', {
  out: '{{ regexReplaceAll "(o)n" .a "${1}x" }} {{ regexMatch "^o" .a }} {{ regexFindAll "[a-z]" .list -1 }}',
});
templated('default, ternary, coalesce, empty', {
  out: '{{ .empty | default "d" }} {{ ternary 1 2 (eq .a "one") }} {{ coalesce .empty .a }} {{ empty .empty }}',
});
templated('comparison of different types', { out: '{{ eq .n 3 }}' });
templated('and, or, not', { out: '{{ and .a .empty }}|{{ or .empty .a }}|{{ not .a }}' });
templated('engine v1', { out: '{{ .a }}' }, { target: { template: { engineVersion: 'v1' } } });
templated('a template that writes nothing', { out: '' });
templated('two broken ones', { one: '{{ .missing }}', two: '{{ .missing }}' });

for (const call of [
  'filterPEM "CERTIFICATE" .a',
  'filterCertChain "leaf" .a',
  'jwkPublicKeyPem .a',
  'jwkPrivateKeyPem .json',
  'pemToPkcs12 .a .a',
  'fullPemToPkcs12 .a .a',
  'pkcs12key .a',
  'pkcs12cert (.a | b64enc)',
  'pemTruststoreToPKCS12 .a',
  'rsaDecrypt "None" "SHA256" .a .a',
  'getSecretKey "absent" "preflight" "x"',
  'getHostByName "localhost"',
  'htpasswd "example" "example"',
  'genSelfSignedCert "a" nil nil 1',
  'encryptAES "k" .a',
  'derivePassword 1 "long" "p" "u" "s"',
  'buildCustomCert .a .a',
  'ago now',
  'htmlDate 0',
  'dateInZone "2006" 0 "UTC"',
  'duration "95"',
  'sha512sum .a',
  'bcrypt .a | len',
  'toToml (dict "a" 1)',
])
  cases.add('vault', `the call ${call}`, value, {
    dataFrom: [extract()],
    target: { template: { data: { out: `{{ ${call} }}` } } },
  });

cases.both('35: no data, but templateFrom', value, {
  dataFrom: [extract()],
  target: { template: { templateFrom: [{ literal: 'x: "1"' }] } },
});
const source = (kind: string, data: Readonly<Record<string, string>>): object => ({
  ...{ apiVersion: 'v1', kind, metadata: { name: '@{case}-from' } },
  [kind === 'Secret' ? 'stringData' : 'data']: data,
});
for (const kind of ['ConfigMap', 'Secret']) {
  const field = kind === 'Secret' ? 'secret' : 'configMap';
  const from = (items: readonly object[], more: object = {}): Reading => ({
    dataFrom: [extract()],
    resources: [
      source(kind, {
        file: 'a={{ .a }}',
        map: 'k1: {{ .a }}\nk2: "{{ .n }}"\nk3: 4\n',
        list: '- a',
        bad: '{{',
      }) as never,
    ],
    target: { template: { templateFrom: [{ [field]: { name: '@{case}-from', items }, ...more }] } },
  });
  cases.both(`templateFrom ${kind}, Values`, value, from([{ key: 'file' }]));
  cases.both(`templateFrom ${kind}, KeysAndValues`, value, from([{ key: 'map', templateAs: 'KeysAndValues' }]));
  cases.both(`templateFrom ${kind}, not a map`, value, from([{ key: 'list', templateAs: 'KeysAndValues' }]));
  cases.both(`templateFrom ${kind}, cannot be parsed`, value, from([{ key: 'bad' }]));
  cases.both(`templateFrom ${kind}, no such key`, value, from([{ key: 'none' }]));
  cases.both(
    `templateFrom ${kind}, Labels`,
    value,
    from([{ key: 'map', templateAs: 'KeysAndValues' }], { target: 'Labels' }),
  );
  cases.both(
    `templateFrom ${kind}, Annotations`,
    value,
    from([{ key: 'map', templateAs: 'KeysAndValues' }], { target: 'Annotations' }),
  );
  cases.both(`templateFrom ${kind} that is not there`, value, {
    dataFrom: [extract()],
    target: { template: { templateFrom: [{ [field]: { name: 'absent', items: [{ key: 'x' }] } }] } },
  });
}
const literals = [
  'x: {{ .a }}\ny: true\nz: 1.50\nn: null\n',
  'x:\n  nested: 1\n',
  'just text',
  '',
  '{{ .missing }}',
  'a: "1"\na: "2"\n',
  'x: !!binary aGk=\n',
  'd: 2024-01-02\nh: 0x10\no: 0o7\ne: 1e3\ni: .inf\nt: yes\nz: ~\n',
  '? a\n: b\n',
  'x: |\n  line\n  other\n',
  'x: &a one\ny: *a\n',
  '- a\n',
  'x: [1]\n',
  '"a": "b\\u00e9\\n"\n',
  '# only a comment\n',
  'x: "{{ .quote }}"\n',
  '1: one\ntrue: yes\n',
];
for (const literal of literals)
  cases.both(`literal ${JSON.stringify(literal)}`, value, {
    dataFrom: [extract()],
    target: { template: { templateFrom: [{ target: 'Data', literal }] } },
  });
cases.both('precedence', value, {
  dataFrom: [extract()],
  target: {
    template: {
      mergePolicy: 'Merge',
      data: { x: 'data {{ .a }}' },
      templateFrom: [
        { literal: 'x: first\na: changed' },
        { literal: 'x: second' },
        { literal: 'l: v', target: 'Labels' },
      ],
      metadata: { labels: { l: 'metadata', m: '{{ .n }}' }, annotations: { an: '{{ .quote }}' } },
    },
  },
});
cases.both('a label that the API server refuses', value, {
  dataFrom: [extract()],
  target: { template: { metadata: { labels: { l: '{{ .quote }}' } } } },
});
cases.both('a finalizer', value, {
  dataFrom: [extract()],
  target: { template: { metadata: { finalizers: ['example.org/stay'] } } },
});
const declared = ['a', 'b-c', 'quote', 'absent'];
const platform = (required: string): string =>
  `{{ if not (index . "${required}") }}{{ fail "required field ${required} is missing" }}{{ end }}` +
  `{{ range $k, $v := . }}{{ if has $k (list ${declared.map((name) => `"${name}"`).join(' ')}) }}\n{{ $k | toJson }}: {{ $v | toJson }}{{ end }}{{ end }}`;
for (const required of ['a', 'absent', 'empty'])
  cases.both(`the platform's own form, ${required} required`, value, {
    dataFrom: [extract()],
    target: {
      template: {
        metadata: { labels: { 'app.kubernetes.io/managed-by': 'lockstep' } },
        templateFrom: [{ target: 'Data', literal: platform(required) }],
      },
    },
  });
cases.both('an empty template', value, { dataFrom: [extract()], target: { template: {} } });

for (const yaml of ['null', '', '{}', '# c', '[]', 'x'])
  cases.add('vault', `fromYaml of ${JSON.stringify(yaml)}`, value, {
    dataFrom: [extract()],
    target: { template: { data: { out: `{{ fromYaml ${JSON.stringify(yaml)} | toJson }}` } } },
  });

export const templateCases = cases.all;
