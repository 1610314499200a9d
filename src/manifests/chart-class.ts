/** What a chart of an application is given, whether it comes with Lockstep or is the user's own. */
import type { Chart, ChartProps as Cdk8sChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ChartProps } from '../model/configuration.ts';
import type { Application, Environment, Platform } from '../model/platform.ts';
import type { ApplicationSource } from './argo-cd-application.ts';

/**
 * The props of config/applications.ts, what cdk8s knows (namespace, labels), and what the catalog says. A chart that comes with Lockstep
 * depends on nothing else, so that its output stays as it is while these do.
 */
export type ApplicationChartProps = Cdk8sChartProps &
  ChartProps & { readonly application: Application; readonly environment: Environment };

/**
 * A chart brings what is the application's own. Its Namespace and ExternalSecrets follow from the catalog and are added to any chart.
 * @param id the application's name
 * @param props a chart of the user's own also gets the whole platform
 */
export type ApplicationChartClass = new (
  scope: Construct,
  id: string,
  props: ApplicationChartProps & { readonly platform: Platform },
) => Chart;

/** A chart may give the Argo CD Application further sources, such as a Helm chart. */
export type HasSources = { readonly sources: readonly ApplicationSource[] };

export function sourcesOf(chart: Chart): readonly ApplicationSource[] {
  return 'sources' in chart && Array.isArray(chart.sources) ? (chart as Chart & HasSources).sources : [];
}
