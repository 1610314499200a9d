/** The definitions of config/ as the files that a person goes on with. */
import { configurationFiles } from '../model/configuration-shape.ts';
import type { Configuration } from '../model/configuration.ts';

const WIDTH = 120;

/** By their names in config/: `applications.ts`, `secrets.ts`, `environments.ts`. @param define where src/model/define is, as seen from there */
export function renderConfiguration(
  { applications, secrets, environments }: Configuration,
  define: string,
): ReadonlyMap<string, string> {
  const from = (names: string): string => `import { ${names} } from ${quote(define)};\n`;
  const file = (path: string): string => path.replace(/^config\//, '');
  return new Map([
    [
      file(configurationFiles.applications),
      `${from('defineApplications')}
// SecretsChart brings an application's secrets and nothing else. What the applications run stays where it is.
export const applications = defineApplications(${render(applications)});
`,
    ],
    [
      file(configurationFiles.secrets),
      `${from('defineSecrets')}import { applications } from './applications';

/** Adopted from manifests: what each field is, where it is obtained and when it is renewed is for you to say. */
export const secrets = defineSecrets(applications, ${render(secrets)});
`,
    ],
    [
      file(configurationFiles.environments),
      `${from('defineEnvironments')}import { secrets } from './secrets';

// Where Argo CD reads a repository: gitOps: { kind: 'git', repoUrl: 'https://…' }.
export const environments = defineEnvironments(secrets, ${render(environments)});
`,
    ],
  ]);
}

/** In one line where that fits, as prettier does. */
function render(value: unknown, indent = '', taken = 60): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = (at: string): string[] =>
    Array.isArray(value)
      ? value.map((item) => render(item, at, at.length))
      : Object.entries(value).map(([key, item]) => `${name(key)}: ${render(item, at, at.length + key.length + 4)}`);
  const few = parts(inner);
  if (few.length === 0) return open + close;
  const space = open === '{' ? ' ' : '';
  const line = `${open}${space}${few.join(', ')}${space}${close}`;
  if (taken + line.length < WIDTH && !line.includes('\n')) return line;
  return `${open}\n${few.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}

function name(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : quote(key);
}

function quote(text: string): string {
  const json = JSON.stringify(text);
  return text.includes("'") && !text.includes('"')
    ? json
    : `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
