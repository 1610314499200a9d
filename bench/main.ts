/** `npm run bench -- <name> [--output json]`: each measurement beside the peer that it is measured against. */
import { parseArgs } from 'node:util';

const benches: Readonly<Record<string, () => Promise<Record<string, number>>>> = {
  synth: async () => (await import('./synth.ts')).benchSynth(),
  stores: async () => (await import('./stores.ts')).benchStores(),
  preflight: async () => (await import('./preflight.ts')).benchPreflight(),
  migrate: async () => (await import('./migrate.ts')).benchMigrate(),
  lab: async () => (await import('./lab.ts')).benchLab(),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { output: { type: 'string', default: 'text' } },
});
const name = positionals[0] ?? '';
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`there is no bench "${name}"\n  There are ${Object.keys(benches).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const metrics = await bench();
  const rounded = Object.fromEntries(
    Object.entries(metrics).map(([metric, value]) => [metric, Number(value.toPrecision(4))]),
  );
  if (values.output !== 'json')
    for (const [metric, value] of Object.entries(rounded)) process.stdout.write(`${metric.padEnd(20)} ${value}\n`);
  process.stdout.write(`${JSON.stringify({ bench: name, metrics: rounded })}\n`);
}
