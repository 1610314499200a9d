/** The parts of the documentation that follow from the catalog and the program: whole files, and what stands between two markers. Pure. */
import type { Configuration, EnvironmentDefinition } from '../model/configuration.ts';
import { operatorRules, renderPolicy } from '../bootstrap/vault-policy.ts';
import { problemPages } from '../model/problem-pages.ts';
import type { Field, Platform, Secret } from '../model/platform.ts';
import { resolve } from '../model/resolve.ts';
import { documentSchema, itemSchemas, outputSchema } from '../report/output-schema.ts';
import { code, escapeMarkdown, renderJson, renderMarkdownTable } from './markdown.ts';
import { renderSchemaTables } from './schema-tables.ts';

export type CommandHelp = { readonly name: string; readonly summary: string; readonly help: string };

export type DocsPart =
  | { readonly kind: 'file'; readonly file: string; readonly text: string }
  /** `text` stands between `<!-- table:<name> -->` and `<!-- /table:<name> -->` of a file that is written by hand otherwise. */
  | { readonly kind: 'between'; readonly file: string; readonly name: string; readonly text: string };

const MADE = '<!-- Made by npm run docs: edits here are overwritten. -->';

/** @param configuration sound: checkConfiguration() found nothing */
export function renderDocs(configuration: Configuration, commands: readonly CommandHelp[]): readonly DocsPart[] {
  const platform = wholeCatalog(configuration);
  return [
    { kind: 'between', file: 'README.md', name: 'secrets', text: secretsTable(platform) },
    { kind: 'between', file: 'docs/guide.md', name: 'fields', text: fieldTables(platform) },
    { kind: 'between', file: 'docs/guide.md', name: 'policy', text: vaultPolicy(platform) },
    { kind: 'file', file: 'docs/reference/commands.md', text: commandsPage(commands) },
    { kind: 'file', file: 'docs/reference/problems.md', text: problemsPage() },
    { kind: 'between', file: 'docs/reference/output.md', name: 'document', text: renderSchemaTables(documentSchema) },
    { kind: 'between', file: 'docs/reference/output.md', name: 'items', text: itemTables() },
    { kind: 'file', file: 'docs/reference/output.schema.json', text: renderJson(outputSchema()) },
  ];
}

/** The documents are about every secret, whatever an environment omits. */
const everything: EnvironmentDefinition = {
  defaultStore: 'vault-secret-store',
  vault: { server: 'http://vault.vault.svc.cluster.local:8200', profile: 'dev' },
  gitOps: { kind: 'idpbuilder' },
  externalSecrets: { version: '0.20.4', refreshInterval: '1h0m0s' },
};

function wholeCatalog(configuration: Configuration): Platform {
  const resolution = resolve({ ...configuration, environments: { everything } }, 'everything', {});
  if (resolution.kind === 'resolved') return resolution.platform;
  throw new RangeError(resolution.problems.map(({ message }) => message).join('; '));
}

function secretsTable({ secrets, environment }: Platform): string {
  return renderMarkdownTable(
    [
      'Secret',
      'Application',
      `Vault path (mount ${code(environment.vault.mount)})`,
      'Key Vault name',
      'Kubernetes Secret',
    ],
    secrets.map(({ name, application, vaultPath, keyVaultName, targets }) => [
      name,
      application,
      code(vaultPath),
      code(keyVaultName),
      targets.map((target) => `${code(target.name)} in ${code(target.namespace)}`).join(', '),
    ]),
  );
}

function fieldTables({ secrets }: Platform): string {
  return secrets.map((secret) => `#### ${secret.name}\n\n${intro(secret)}\n\n${fieldTable(secret)}`).join('\n\n');
}

function intro({ description, application, vaultPath, keyVaultName, content }: Secret): string {
  return (
    `${escapeMarkdown(description)}. Application ${code(application)}. Vault: ${code(vaultPath)}` +
    (content.kind === 'text' ? `, under the key ${code(content.vaultProperty)}` : '') +
    `. Key Vault: ${code(keyVaultName)}, ${content.kind === 'text' ? 'the plain text itself' : 'a JSON object'}.`
  );
}

function fieldTable({ content }: Secret): string {
  const fields = content.kind === 'fields' ? content.fields : [content.field];
  return renderMarkdownTable(
    ['Field', 'What it is', 'Form', 'Required', 'Where it comes from', 'Renew'],
    fields.map((field) => [
      content.kind === 'text' ? '(the text)' : code(field.name),
      escapeMarkdown(field.description),
      typeof field.format === 'object' ? field.format.oneOf.map(code).join(', ') : field.format,
      requirement(field),
      origin(field),
      field.rotateAfterDays === undefined ? '' : `every ${field.rotateAfterDays} days`,
    ]),
  );
}

function requirement({ required }: Field): string {
  if (typeof required === 'boolean') return required ? 'yes' : 'no';
  return `if ${code(required.whenField)} is ${required.is.map(code).join(' or ')}`;
}

function origin({ origin: of, obtainedFrom }: Field): string {
  if (of === 'generated') return 'made up: random';
  if (obtainedFrom === undefined) return '';
  return /^https?:\/\/[^\s<>]+$/.test(obtainedFrom) ? `<${obtainedFrom}>` : escapeMarkdown(obtainedFrom);
}

/** As bootstrap-vault writes it, in an environment that reads everything from Vault. */
function vaultPolicy(platform: Platform): string {
  return `\`\`\`hcl\n${renderPolicy(operatorRules(platform))}\`\`\``;
}

function commandsPage(commands: readonly CommandHelp[]): string {
  const table = renderMarkdownTable(
    ['Command', 'What it does'],
    commands.map(({ name, summary }) => [`[${code(`npm run ${name}`)}](#${name})`, escapeMarkdown(summary)]),
  );
  return page('Commands', [
    'Options follow two hyphens: `npm run synth -- --environment production`. `npm start` is `npm run start`. The same commands run as ' +
      '`npx lockstep <command>`, from any folder of the repository.',
    table,
    'Exit codes: 0 clean; 1 something was found, such as a wrong configuration; 2 the command could not finish; 70 a bug of Lockstep. ' +
      'Results are on stdout, notes on stderr. `--output json` is described in [output.md](output.md), the codes of findings in ' +
      '[problems.md](problems.md).',
    ...commands.map(({ name, help }) => `## ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``),
  ]);
}

const kindsOfProblem: Readonly<Record<string, string>> = {
  C: 'Configuration',
  M: 'Manifests',
  V: 'Setting Vault up',
};

function problemsPage(): string {
  const letters = new Set(Object.keys(problemPages).map((of) => of.charAt(0)));
  return page('Problems', [
    'What a command finds wrong has a code. A code never changes its meaning. `npm run check -- --explain C012` prints the same text as this page.',
    ...[...letters].flatMap((letter) => [
      `## ${letter}: ${kindsOfProblem[letter] ?? 'Others'}`,
      ...Object.entries(problemPages)
        .filter(([of]) => of.startsWith(letter))
        .map(
          ([of, { title, why, mend }]) =>
            `### ${of}\n\n**${escapeMarkdown(title)}.** ${escapeMarkdown(why)}\n\nWhat to do: ${escapeMarkdown(mend)}`,
        ),
    ]),
  ]);
}

function itemTables(): string {
  return Object.entries(itemSchemas)
    .map(([command, schema]) => `### ${command}\n\n${renderSchemaTables(schema)}`)
    .join('\n\n');
}

function page(title: string, parts: readonly string[]): string {
  return `${[MADE, `# ${title}`, ...parts].join('\n\n')}\n`;
}
