import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ApplicationSource } from '../argo-cd-application.ts';
import type { ApplicationChartProps, HasSources } from '../chart-class.ts';

const upstream = {
  repoURL: 'https://kubernetes-sigs.github.io/headlamp/',
  chart: 'headlamp',
  targetRevision: '0.43.0',
};

/** Headlamp: its official Helm chart, signing in through the Keycloak client of the secret `headlamp`. */
export class HeadlampChart extends Chart implements HasSources {
  readonly sources: readonly ApplicationSource[];

  constructor(scope: Construct, id: string, props: ApplicationChartProps) {
    super(scope, id, props);
    const { application } = props;
    const host = `${application.name}.${application.ingressHost}`;
    const oidc = application.targets.find(({ secret }) => secret.name === 'headlamp')?.target.name;
    const certificates = application.targets
      .filter(({ target }) => target.type === 'kubernetes.io/tls')
      .map(({ target }) => ({ secretName: target.name, hosts: [host] }));
    this.sources = [
      {
        ...upstream,
        helm: {
          releaseName: application.name,
          valuesObject: {
            config: {
              oidc: {
                secret: { create: false },
                ...(oidc === undefined ? {} : { externalSecret: { enabled: true, name: oidc } }),
                callbackURL: `https://${host}/oidc-callback`,
              },
            },
            ingress: {
              enabled: true,
              ingressClassName: 'nginx',
              hosts: [{ host, paths: [{ path: '/', type: 'Prefix' }] }],
              ...(certificates.length === 0 ? {} : { tls: certificates }),
            },
          },
        },
      },
    ];
  }
}
