/**
 * Dependencies point one way: config → model ← stores, eso, cluster ← jobs ← commands ← main.
 * Jobs: what a command does (synth, schemas, start, …). Adapters: stores, cluster, configuration.
 */
const jobs = '^src/(synth|schemas|start|docs|bootstrap|preflight|upgrade|adopt|migrate|inventory|rollout|set-secrets)/';
const adapters = '^src/(stores|cluster|configuration)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '\\.d\\.ts$' }, to: {} },
    {
      name: 'model-is-pure',
      comment: 'The model does no I/O and knows nothing of what is built on it.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    {
      name: 'config-is-data',
      severity: 'error',
      from: { path: '^config/' },
      to: { pathNot: '^(config/|src/model/define\\.ts$)' },
    },
    {
      name: 'eso-is-pure',
      severity: 'error',
      from: { path: '^src/eso/' },
      to: { pathNot: '^(src/(eso|model)/|(node:)?(buffer|crypto)$|node_modules/yaml/)' },
    },
    {
      name: 'manifests-are-pure',
      severity: 'error',
      from: { path: '^src/manifests/' },
      to: { path: '^(src/(?!manifests/|model/)|node:)' },
    },
    {
      name: 'manifest-input-knows-the-operator-alone',
      comment: 'Manifests that are given are read for any job.',
      severity: 'error',
      from: { path: '^src/manifest-input/' },
      to: { path: '^src/(?!manifest-input/|eso/|model/)' },
    },
    {
      name: 'adapters-know-no-jobs',
      severity: 'error',
      from: { path: adapters },
      to: { path: [jobs, '^src/(commands|report)/', '^src/(main|command-line)'] },
    },
    {
      name: 'jobs-know-no-adapters',
      comment: 'A job takes its stores and clusters as arguments; types of a contract may be imported.',
      severity: 'error',
      from: { path: jobs },
      to: { path: [adapters, '^src/commands/', '^src/(main|command-line)'], pathNot: '^src/stores/contract\\.ts$' },
    },
    {
      name: 'commands-are-reached-from-main',
      severity: 'error',
      from: { path: '^src/(?!commands/|main|command-line)' },
      to: { path: '^src/(commands/|main|command-line)' },
    },
    {
      name: 'no-development-dependency-at-run-time',
      severity: 'error',
      from: { path: '^(src|config)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
