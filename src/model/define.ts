/**
 * The helpers that config/ is written with. They return what they are given; their types are the point: a secret, field or
 * application that does not exist fails to compile. The same rules run again when the configuration is loaded (src/model/rules).
 */
import type {
  ApplicationDefinition,
  EnvironmentDefinition,
  FieldsSecretDefinition,
  TextSecretDefinition,
} from './configuration.ts';

export type ApplicationNameOf<Applications extends readonly { readonly name: string }[]> = Applications[number]['name'];

export type FieldNameOf<Secret> = Secret extends { readonly fields: infer Fields extends object }
  ? Extract<keyof Fields, string>
  : never;

type CheckedSecret<Application extends string, Secret> = Secret extends { readonly text: object }
  ? TextSecretDefinition<Application>
  : FieldsSecretDefinition<Application, FieldNameOf<Secret>>;

export function defineApplication<const Application extends ApplicationDefinition>(
  application: Application,
): Application {
  return application;
}

export function defineApplications<const Applications extends readonly ApplicationDefinition[]>(
  applications: Applications,
): Applications {
  return applications;
}

/** @param applications only for their types: the applications that a secret may belong to */
export function defineSecrets<
  const Applications extends readonly ApplicationDefinition[],
  const Secrets extends { readonly [S in keyof Secrets]: CheckedSecret<ApplicationNameOf<Applications>, Secrets[S]> },
>(_applications: Applications, secrets: Secrets): Secrets {
  return secrets;
}

/** @param secrets only for their types: the secrets that an environment may omit */
export function defineEnvironments<
  const Secrets extends object,
  const Environments extends Readonly<Record<string, EnvironmentDefinition<Extract<keyof Secrets, string>>>>,
>(_secrets: Secrets, environments: Environments): Environments {
  return environments;
}
