export type ProblemPage = { readonly title: string; readonly why: string; readonly mend: string };
