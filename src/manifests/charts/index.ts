import type { ChartType } from '../../model/configuration.ts';
import type { ApplicationChartClass } from '../chart-class.ts';
import { AiPlatformEngineeringChart } from './ai-platform-engineering-chart.ts';
import { BackstageChart } from './backstage-chart.ts';
import { ExternalSecretsChart } from './external-secrets-chart.ts';
import { HeadlampChart } from './headlamp-chart.ts';
import { NextJsChart } from './next-js-chart.ts';
import { SecretsChart } from './secrets-chart.ts';
import { VaultChart } from './vault-chart.ts';

/** The charts that config/applications.ts may name. */
export const charts: Readonly<Record<ChartType, ApplicationChartClass>> = {
  AiPlatformEngineeringChart,
  NextJsChart,
  BackstageChart,
  HeadlampChart,
  ExternalSecretsChart,
  VaultChart,
  SecretsChart,
};
