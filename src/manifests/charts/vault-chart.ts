import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { argoCdApplication } from '../argo-cd-application.ts';
import type { ApplicationChartProps } from '../chart-class.ts';
import { vaultTlsSecret } from '../secret-stores.ts';

const RAFT_PEERS = 3;

/** HashiCorp Vault from its official Helm chart: `dev` in memory for one machine, `ha` with Raft, TLS and audit storage. */
export class VaultChart extends Chart {
  constructor(scope: Construct, id: string, props: ApplicationChartProps) {
    super(scope, id, props);
    const { application, environment } = props;
    new ApiObject(
      this,
      'vault',
      argoCdApplication(
        `${application.name}-server`,
        application.namespace,
        [
          {
            repoURL: 'https://helm.releases.hashicorp.com',
            chart: 'vault',
            targetRevision: '0.34.1',
            helm: {
              releaseName: 'vault',
              valuesObject: environment.vault.profile === 'dev' ? devValues : haValues(application.namespace),
            },
          },
        ],
        'operator',
        application.name,
      ),
    );
  }
}

/** The injector is not needed: External Secrets Operator delivers the secrets. */
const injectorOff = { injector: { enabled: false } };

/** In memory, unsealed, and with the root token that Vault makes up at its start (it is in the log of the pod). */
const devValues = { ...injectorOff, server: { dev: { enabled: true, devRootToken: '' } } };

function haValues(namespace: string): object {
  const mountPath = '/vault/tls';
  return {
    ...injectorOff,
    global: { tlsDisable: false },
    server: {
      extraEnvironmentVars: { VAULT_CACERT: `${mountPath}/${vaultTlsSecret.caKey}` },
      volumes: [{ name: 'tls', secret: { secretName: vaultTlsSecret.name } }],
      volumeMounts: [{ name: 'tls', mountPath, readOnly: true }],
      auditStorage: { enabled: true, size: '10Gi' },
      dataStorage: { enabled: true, size: '10Gi' },
      standalone: { enabled: false },
      ha: {
        enabled: true,
        replicas: RAFT_PEERS,
        raft: { enabled: true, setNodeId: true, config: raftConfig(mountPath, namespace) },
      },
    },
  };
}

function raftConfig(tls: string, namespace: string): string {
  const peers = Array.from(
    { length: RAFT_PEERS },
    (_, index) => `  retry_join {
    leader_api_addr = "https://vault-${index}.vault-internal:8200"
    leader_ca_cert_file = "${tls}/${vaultTlsSecret.caKey}"
    leader_tls_servername = "vault-active.${namespace}.svc.cluster.local"
  }`,
  );
  return `ui = true
listener "tcp" {
  address = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_cert_file = "${tls}/tls.crt"
  tls_key_file = "${tls}/tls.key"
}
storage "raft" {
  path = "/vault/data"
${peers.join('\n')}
}
service_registration "kubernetes" {}
`;
}
