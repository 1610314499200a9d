import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ApplicationChartProps } from '../chart-class.ts';
import { addWebWorkload } from '../web-workload.ts';

/** Backstage: its secrets and, once `props.image` says which image to run, its workload. */
export class BackstageChart extends Chart {
  constructor(scope: Construct, id: string, props: ApplicationChartProps) {
    super(scope, id, props);
    const { application, environment, image, port } = props;
    if (image !== undefined)
      addWebWorkload(this, application, { image, port: port ?? 7007, replicas: environment.production ? 2 : 1 });
  }
}
