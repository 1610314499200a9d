import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { aiPlatformAgents } from '../../model/chart-types.ts';
import type { Application } from '../../model/platform.ts';
import type { ApplicationSource } from '../argo-cd-application.ts';
import type { ApplicationChartProps, HasSources } from '../chart-class.ts';

const upstream = {
  // A Helm chart in an OCI registry is named without `oci://` in an Argo CD source.
  repoURL: 'ghcr.io/cnoe-io/helm-charts',
  chart: 'ai-platform-engineering',
  targetRevision: '0.1.10',
};

/**
 * The agents of the AI platform: the upstream Helm chart as a second source of the Argo CD Application. Its own ExternalSecrets stay off and
 * its pods take the Secrets that the catalog describes, so that Vault and Key Vault take the same road.
 */
export class AiPlatformEngineeringChart extends Chart implements HasSources {
  readonly sources: readonly ApplicationSource[];

  constructor(scope: Construct, id: string, props: ApplicationChartProps) {
    super(scope, id, props);
    const { application } = props;
    this.sources = [
      {
        ...upstream,
        helm: { releaseName: application.name, valuesObject: values(application, props.agents ?? aiPlatformAgents) },
      },
    ];
  }
}

/** The Secret that the application receives of a secret; undefined where the environment omits it. */
function secretName(application: Application, secret: string): string | undefined {
  return application.targets.find((candidate) => candidate.secret.name === secret)?.target.name;
}

function values(application: Application, agents: readonly string[]): object {
  const present = agents.filter((agent) => secretName(application, agent) !== undefined);
  const globalSecret = secretName(application, 'global');
  return {
    global: {
      externalSecrets: { enabled: false },
      secrets: globalSecret === undefined ? {} : { secretName: globalSecret },
    },
    'external-secrets-configuration': { externalSecrets: [] },
    'ai-platform-engineering': {
      enabled: true,
      multiAgentConfig: { agents: present },
      ingress: {
        enabled: true,
        className: 'nginx',
        hosts: [{ host: application.ingressHost, paths: [{ path: '/ai-platform-engineering', pathType: 'Prefix' }] }],
      },
    },
    ...Object.fromEntries(
      aiPlatformAgents.map((agent) => [
        `agent-${agent}`,
        present.includes(agent)
          ? { enabled: true, nameOverride: `agent-${agent}`, secrets: { secretName: secretName(application, agent) } }
          : { enabled: false },
      ]),
    ),
  };
}
