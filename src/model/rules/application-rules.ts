import { chartTypes } from '../configuration.ts';
import { secretsUsedByChart } from '../chart-types.ts';
import { checkDnsLabel, checkHostName, suggest } from '../names.ts';
import type { Report, Rule, View } from './rule.ts';

/** Files of the output folder that an application's own file would overwrite. */
const reservedNames: ReadonlySet<string> = new Set(['app-of-apps', 'kustomization']);

function applicationNames({ applications }: View, report: Report): void {
  const seen = new Map<string, number>();
  applications.forEach(({ name, namespace }, index) => {
    const earlier = seen.get(name);
    if (earlier !== undefined)
      report(
        'C003',
        'applications',
        [index, 'name'],
        `"${name}" is also the name of applications[${earlier}]`,
        'Rename one of the two: the name is its folder in the output and its Argo CD Application.',
      );
    seen.set(name, earlier ?? index);
    const problem = checkDnsLabel(name);
    if (problem !== undefined)
      report('C004', 'applications', [index, 'name'], `"${name}" is ${problem}`, 'Rename the application.');
    if (reservedNames.has(name))
      report(
        'C004',
        'applications',
        [index, 'name'],
        `"${name}" is the name of a file that synth writes`,
        'Rename the application.',
      );
    const namespaceProblem = checkDnsLabel(namespace);
    if (namespaceProblem !== undefined)
      report(
        'C004',
        'applications',
        [index, 'namespace'],
        `"${namespace}" is ${namespaceProblem}`,
        'Use the name of a Kubernetes namespace.',
      );
  });
}

function charts({ applications }: View, report: Report): void {
  applications.forEach(({ chart }, index) => {
    const host = chart.props?.ingressHost;
    const hostProblem = host === undefined ? undefined : checkHostName(host);
    if (hostProblem !== undefined)
      report(
        'C004',
        'applications',
        [index, 'chart', 'props', 'ingressHost'],
        `"${host}" is ${hostProblem}`,
        'Give the bare host name, such as portal.example.org.',
      );
    const { type } = chart;
    if (typeof type === 'function' || chartTypes.includes(type)) return;
    const nearest = suggest(type, chartTypes);
    report(
      'C005',
      'applications',
      [index, 'chart', 'type'],
      `"${type}" is not a chart type`,
      `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are ${chartTypes.join(', ')}; or give a cdk8s chart class of your own.`,
    );
  });
}

function chartSecrets({ applications, names }: View, report: Report): void {
  applications.forEach(({ name, chart }, index) => {
    if (typeof chart.type === 'function') return;
    for (const secret of secretsUsedByChart(chart.type, chart.props)) {
      if (names.secrets.has(secret)) continue;
      const nearest = suggest(secret, [...names.secrets]);
      report(
        'C026',
        'applications',
        [index, 'chart'],
        `${chart.type} of ${name} uses the secret "${secret}", which config/secrets.ts does not declare`,
        `${nearest === undefined ? '' : `Is "${nearest}" meant? `}Declare it${
          chart.type === 'AiPlatformEngineeringChart' && secret !== 'global'
            ? `, or leave "${secret}" out of chart.props.agents`
            : ''
        }.`,
      );
    }
  });
}

export const applicationRules: readonly Rule[] = [applicationNames, charts, chartSecrets];
