/** `npm run lab -- up | build | down | status | kubeconfig | logs | journeys`. */
import { Command, Option } from 'commander';
import { buildServers } from './build.ts';
import { LabError } from './needs.ts';
import { down, kubeconfig, logs, serve, status, up } from './commands.ts';
import { journeys, runJourneys } from './run-journeys.ts';
import { parts } from './recipes.ts';
import type { Part } from './recipes.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (text: string): void => void process.stderr.write(`lab: ${text}\n`);

const program = new Command('npm run lab --')
  .description(
    'The real servers on this machine, without containers: Kubernetes, Vault, External Secrets Operator, Argo CD.',
  )
  .showSuggestionAfterError()
  // A wrong use is 2, as of every command; --help is 0.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

const named = (name: string): Command =>
  program.command(name).option('--name <name>', 'one of several labs side by side', parseName, 'default');

named('up')
  .description('start a lab, building its servers first if they are not built yet')
  .addOption(new Option('--parts <list>', `of ${parts.join(', ')}`).argParser(parseParts).default(parts, 'all'))
  .action((options: { name: string; parts: readonly Part[] }) => up(options, say, progress));
program
  .command('build')
  .description('build what is not built yet, and start nothing')
  .action(async () => {
    await buildServers(parts, progress);
  });
named('down')
  .description('stop it; its folder stays until the next one')
  .action(({ name }: { name: string }) => down(name, say));
named('status')
  .description('what runs; status 1 if anything does not')
  .action(({ name }: { name: string }) => {
    if (!status(name, say)) process.exitCode = 1;
  });
named('kubeconfig')
  .description('the path of its kubeconfig')
  .action(({ name }: { name: string }) => say(kubeconfig(name)));
named('logs')
  .description("a server's log")
  .argument('<server>')
  .option('--follow', 'go on until Ctrl-C')
  .action((server: string, { name, follow = false }: { name: string; follow?: boolean }) => logs(name, server, follow));
program
  .command('journeys')
  .description('run the journeys through Vault and Key Vault, each in a lab of its own')
  .option('--kubeconfig <file>', 'in a cluster that exists instead; it has afterwards what it had')
  .addOption(new Option('--only <journey>').choices(journeys))
  .action(async ({ kubeconfig: file, only }: { kubeconfig?: string; only?: string }) => {
    process.exitCode = await runJourneys(only === undefined ? journeys : [only], file);
  });
program
  .command('serve', { hidden: true })
  .argument('<folder>')
  .argument('<parts>')
  .action((folder: string, list: string) => serve(folder, parseParts(list)));

function parseName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) return name;
  throw new LabError(`--name is of lower-case letters, digits and dashes, not "${name}"`);
}

function parseParts(list: string): readonly Part[] {
  return list.split(',').map((text) => {
    const part = parts.find((known) => known === text.trim());
    if (part === undefined) throw new LabError(`--parts: there is no "${text}"; the parts are ${parts.join(', ')}`);
    return part;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
