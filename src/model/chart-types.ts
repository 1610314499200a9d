/**
 * What the charts that come with Lockstep need from the catalog. The charts themselves are in src/manifests/charts; the model knows only
 * which secrets they use, so that a secret that is used but not declared is found before anything is synthesised.
 */
import type { ChartProps, ChartType } from './configuration.ts';

/** The agents of the AI platform; each uses the secret of its name. `props.agents` chooses among them. */
export const aiPlatformAgents = ['argocd', 'github', 'jira', 'pagerduty', 'slack'] as const;

/** The names, in the catalog, of the secrets that a chart cannot do without. */
export function secretsUsedByChart(type: ChartType, props: ChartProps | undefined): readonly string[] {
  switch (type) {
    case 'AiPlatformEngineeringChart':
      return ['global', ...(props?.agents ?? aiPlatformAgents)];
    case 'HeadlampChart':
      return ['headlamp'];
    default:
      return [];
  }
}
