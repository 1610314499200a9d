/** Compiled, never run: each wrong use must fail to compile (`npm run types` reports an unused @ts-expect-error). */
import { defineApplications, defineEnvironments, defineSecrets } from '../../src/model/define.ts';

const applications = defineApplications([{ name: 'shop', namespace: 'shop', chart: { type: 'NextJsChart' } }]);

defineApplications([
  // @ts-expect-error an unknown chart type
  { name: 'other', namespace: 'other', chart: { type: 'NextJSChart' } },
  // @ts-expect-error an unknown store
  { name: 'third', namespace: 'third', chart: { type: 'NextJsChart', props: { secretStore: 'azure-keyvault' } } },
]);

const names = { description: 'd', vaultPath: 'shop/x', keyVaultName: 'shop-x' } as const;

const secrets = defineSecrets(applications, {
  good: {
    ...names,
    application: 'shop',
    targets: [{ name: 'shop', fields: ['A'], keys: { B: 'b' } }],
    fields: {
      A: { description: 'd', format: 'text', required: { whenField: 'B', is: ['x'] } },
      B: { description: 'd', format: { oneOf: ['x', 'y'] } },
    },
  },
  plain: { ...names, application: 'shop', targets: [{ name: 'plain', key: 'k' }], text: { format: 'text' } },
  unknownApplication: {
    ...names,
    // @ts-expect-error an unknown application
    application: 'shopp',
    targets: [],
    text: { format: 'text' },
  },
  unknownTargetApplication: {
    ...names,
    application: 'shop',
    // @ts-expect-error an unknown application of a target
    targets: [{ name: 'x', application: 'shopp' }],
    fields: { A: { description: 'd', format: 'text' } },
  },
  unknownFieldInTarget: {
    ...names,
    application: 'shop',
    // @ts-expect-error a target that takes an undeclared field
    targets: [{ name: 'x', fields: ['C'] }],
    fields: { A: { description: 'd', format: 'text' } },
  },
  unknownFieldInRequirement: {
    ...names,
    application: 'shop',
    targets: [],
    // @ts-expect-error a requirement on an undeclared field
    fields: { A: { description: 'd', format: 'text', required: { whenField: 'C', is: ['x'] } } },
  },
  unknownFormat: {
    ...names,
    application: 'shop',
    targets: [],
    // @ts-expect-error an unknown format
    fields: { A: { description: 'd', format: 'urll' } },
  },
});

const environment = {
  defaultStore: 'vault-secret-store',
  vault: { server: 'http://vault:8200', profile: 'dev' },
  gitOps: { kind: 'idpbuilder' },
  externalSecrets: { version: '0.20.4', refreshInterval: '1h0m0s' },
} as const;

defineEnvironments(secrets, {
  good: { ...environment, omitSecrets: ['good', 'plain'] },
  // @ts-expect-error an unknown secret
  wrong: { ...environment, omitSecrets: ['goood'] },
  // @ts-expect-error an unknown store
  alsoWrong: { ...environment, defaultStore: 'vault' },
});
