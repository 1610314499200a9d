/** A web application that takes its settings from Secrets: Deployment, Service and Ingress. */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Application } from '../model/platform.ts';
import { standardLabels, syncWave } from './manifest.ts';

/** @param replicas two keep the application up while a node is drained */
export function addWebWorkload(
  scope: Construct,
  application: Application,
  { image, port, replicas }: { readonly image: string; readonly port: number; readonly replicas: number },
): void {
  const { name, namespace } = application;
  const selector = { 'app.kubernetes.io/name': name };
  const metadata = {
    name,
    namespace,
    labels: { ...standardLabels(name), ...selector },
    annotations: syncWave('workload'),
  };
  const ofType = (type: string): string[] =>
    application.targets
      .filter(({ target }) => target.type === type && target.namespace === namespace)
      .map(({ target }) => target.name);

  new ApiObject(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: { ...standardLabels(name), ...selector } },
        spec: {
          automountServiceAccountToken: false,
          imagePullSecrets: ofType('kubernetes.io/dockerconfigjson').map((secret) => ({ name: secret })),
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name,
              image,
              envFrom: ofType('Opaque').map((secret) => ({ secretRef: { name: secret } })),
              ports: [{ name: 'http', containerPort: port }],
              readinessProbe: { tcpSocket: { port: 'http' } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            },
          ],
        },
      },
    },
  });
  new ApiObject(scope, 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  });
  const host = `${name}.${application.ingressHost}`;
  const certificates = ofType('kubernetes.io/tls');
  new ApiObject(scope, 'ingress', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      ingressClassName: 'nginx',
      ...(certificates.length === 0 ? {} : { tls: certificates.map((secretName) => ({ hosts: [host], secretName })) }),
      rules: [
        {
          host,
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } }] },
        },
      ],
    },
  });
}
