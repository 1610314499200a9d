/** What the operator may do in the lab's Vault: read all but what is below `denied/`. */
export const vaultPolicy = `
path "secret/*" { capabilities = ["read", "list"] }
path "kv1/*" { capabilities = ["read", "list"] }
path "secret/data/cases/+/denied/*" { capabilities = ["deny"] }
`;
