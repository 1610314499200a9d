import { Chart } from 'cdk8s';

/** The secrets of an application and nothing besides: what it runs comes from elsewhere. */
export class SecretsChart extends Chart {}
