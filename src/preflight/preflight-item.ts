/** One ExternalSecret that is looked at, and what is said of it to a person. */
import type { ExternalSecret } from '../eso/resources.ts';

export type PreflightItem = {
  readonly externalSecret: ExternalSecret;
  /** What bears its name in the cluster. */
  readonly inCluster?: ExternalSecret | undefined;
  /** `manifests/jira.yaml:12` */
  readonly where: string;
  /** The application of config/, or the namespace. */
  readonly application: string;
};
