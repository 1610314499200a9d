// Drives a Vault by hashicorp/vault/api. VAULT_ADDR and VAULT_TOKEN are read by that package itself.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/api/auth/approle"
	"github.com/hashicorp/vault/api/auth/kubernetes"

	. "lockstep.test/clients/steps"
)

var (
	ctx    = context.Background()
	canary = os.Getenv("CANARY")
	client = newClient()
	kv     = client.KVv2("secret")
)

func newClient() *api.Client {
	client, err := api.NewClient(api.DefaultConfig())
	if err != nil {
		panic(err)
	}
	return client
}

func withToken(token string) *api.Client {
	client := newClient()
	client.SetToken(token)
	return client
}

func value(name string) map[string]any {
	return map[string]any{"password": canary + "-" + name, "note": "grün\r\n"}
}

// refused checks the status, and the text of one of the errors.
func refused(err error, status int, text string) {
	var response *api.ResponseError
	Holds(errors.As(err, &response), fmt.Sprintf("%v is not a ResponseError", err))
	Equal(response.StatusCode, status)
	Contains(response.Error(), text)
}

func main() {
	server()
	secrets()
	metadata()
	tokens()
	reader := policies()
	logins()
	failures(reader)
	Done()
}

func server() {
	Step("sys: health", func() {
		health := Must(client.Sys().Health())
		Equal([]bool{health.Initialized, health.Sealed, health.Standby}, []bool{true, false, false})
	})
	Step("sys: seal status, initialised, leader", func() {
		status := Must(client.Sys().SealStatus())
		Equal([]bool{status.Initialized, status.Sealed}, []bool{true, false})
		Equal(Must(client.Sys().InitStatus()), true)
		Equal(Must(client.Sys().Leader()).HAEnabled, false)
	})
	Step("sys: list, enable, read and disable mounts", func() {
		Equal(Must(client.Sys().ListMounts())["secret/"].Options, map[string]string{"version": "2"})
		OK(client.Sys().Mount("team", &api.MountInput{Type: "kv", Options: map[string]string{"version": "2"}}))
		Equal(Must(client.Sys().GetMount("team")).Type, "kv")
		Must(client.KVv2("team").Put(ctx, "a", value("team")))
		OK(client.Sys().Unmount("team"))
		_, err := client.KVv2("team").Put(ctx, "a", value("team"))
		refused(err, 404, "no handler for route")
	})
	Step("sys: enable a mount twice: 400", func() {
		err := client.Sys().Mount("secret", &api.MountInput{Type: "kv", Options: map[string]string{"version": "2"}})
		refused(err, 400, "path is already in use at secret/")
	})
	Step("sys: write, read, list and delete a policy", func() {
		rules := `path "secret/data/app/*" { capabilities = ["read"] }`
		OK(client.Sys().PutPolicy("example", rules))
		Equal(Must(client.Sys().GetPolicy("example")), rules)
		Holds(slices.Contains(Must(client.Sys().ListPolicies()), "example"), "the policy is not listed")
		OK(client.Sys().DeletePolicy("example"))
		Equal(Must(client.Sys().GetPolicy("example")), "")
	})
	Step("sys: a policy that is not HCL: 400", func() {
		refused(client.Sys().PutPolicy("broken", `path "a" {`), 400, "failed to parse policy")
	})
}

func secrets() {
	Step("kv: write and read, byte for byte", func() {
		Equal(Must(kv.Put(ctx, "app/one", value("one"))).VersionMetadata.Version, 1)
		read := Must(kv.Get(ctx, "app/one"))
		Equal(read.Data, value("one"))
		Equal(len(read.CustomMetadata), 0)
	})
	Step("kv: a number comes back as the double that Vault makes of it", func() {
		Must(kv.Put(ctx, "app/number", map[string]any{"n": json.Number("12345678901234567890")}))
		Equal(Must(kv.Get(ctx, "app/number")).Data["n"].(json.Number).String(), "12345678901234567000")
	})
	Step("kv: versions, as a list too", func() {
		Must(kv.Put(ctx, "app/one", value("two")))
		Equal(Must(kv.GetVersion(ctx, "app/one", 1)).Data, value("one"))
		Equal(len(Must(kv.GetVersionsAsList(ctx, "app/one"))), 2)
		_, err := kv.GetVersion(ctx, "app/one", 9)
		Holds(errors.Is(err, api.ErrSecretNotFound), fmt.Sprint(err))
	})
	Step("kv: rollback writes an old version anew", func() {
		Equal(Must(kv.Rollback(ctx, "app/one", 1)).VersionMetadata.Version, 3)
		Equal(Must(kv.Get(ctx, "app/one")).Data, value("one"))
	})
	Step("kv: write 60 secrets and list them", func() {
		expected := []any{}
		for number := range 60 {
			name := fmt.Sprintf("s-%02d", number)
			Must(kv.Put(ctx, "many/"+name, value(name)))
			expected = append(expected, name)
		}
		Equal(Must(client.Logical().List("secret/metadata/many")).Data["keys"].([]any), expected)
	})
	Step("kv: list nothing: no secret, no error", func() {
		Holds(Must(client.Logical().List("secret/metadata/nothing")) == nil, "there is something")
	})
	Step("kv: read nothing: ErrSecretNotFound", func() {
		_, err := kv.Get(ctx, "nothing")
		Holds(errors.Is(err, api.ErrSecretNotFound), fmt.Sprint(err))
	})
	Step("kv: check-and-set", func() {
		Equal(Must(kv.Put(ctx, "app/cas", value("1"), api.WithCheckAndSet(0))).VersionMetadata.Version, 1)
		Equal(Must(kv.Put(ctx, "app/cas", value("2"), api.WithCheckAndSet(1))).VersionMetadata.Version, 2)
		for _, stale := range []int{0, 1, 7} {
			_, err := kv.Put(ctx, "app/cas", value("3"), api.WithCheckAndSet(stale))
			refused(err, 400, "check-and-set parameter did not match the current version")
		}
	})
	Step("kv: patch, by PATCH and by read and write", func() {
		added := map[string]any{"added": "x"}
		for index, method := range []string{"patch", "rw"} {
			Equal(Must(kv.Patch(ctx, "app/cas", added, api.WithMergeMethod(method))).VersionMetadata.Version, 3+index)
		}
		expected := value("2")
		expected["added"] = "x"
		Equal(Must(kv.Get(ctx, "app/cas")).Data, expected)
		_, err := kv.Patch(ctx, "nothing", added, api.WithMergeMethod("patch"))
		Holds(errors.Is(err, api.ErrSecretNotFound), fmt.Sprint(err))
	})
	Step("kv: delete the latest version: nil data that says when, then undelete", func() {
		OK(kv.Delete(ctx, "app/one"))
		deleted := Must(kv.Get(ctx, "app/one"))
		Holds(deleted.Data == nil && !deleted.VersionMetadata.DeletionTime.IsZero(), "it is not deleted")
		OK(kv.Undelete(ctx, "app/one", []int{3}))
		Equal(Must(kv.Get(ctx, "app/one")).Data, value("one"))
	})
	Step("kv: delete one version, destroy another", func() {
		OK(kv.DeleteVersions(ctx, "app/one", []int{1}))
		Holds(Must(kv.GetVersion(ctx, "app/one", 1)).Data == nil, "it is not deleted")
		OK(kv.Destroy(ctx, "app/cas", []int{1, 2}))
		Equal(Must(kv.GetVersion(ctx, "app/cas", 1)).VersionMetadata.Destroyed, true)
	})
}

func metadata() {
	Step("kv: metadata and custom metadata", func() {
		OK(kv.PutMetadata(ctx, "app/cas", api.KVMetadataPutInput{
			MaxVersions: 3, CASRequired: true, DeleteVersionAfter: time.Hour,
			CustomMetadata: map[string]any{"owner": "team", "kept": "yes"},
		}))
		owner := map[string]any{"owner": nil, "added": "x"}
		OK(kv.PatchMetadata(ctx, "app/cas", api.KVMetadataPatchInput{CustomMetadata: owner}))
		metadata := Must(kv.GetMetadata(ctx, "app/cas"))
		Equal(metadata.CustomMetadata, map[string]any{"kept": "yes", "added": "x"})
		Equal([]int{metadata.MaxVersions, metadata.CurrentVersion}, []int{3, 4})
		Equal([]bool{metadata.CASRequired, metadata.DeleteVersionAfter == time.Hour}, []bool{true, true})
		_, err := kv.Put(ctx, "app/cas", value("5"))
		refused(err, 400, "check-and-set parameter required for this call")
	})
	Step("kv: delete metadata and all versions", func() {
		OK(kv.DeleteMetadata(ctx, "app/cas"))
		_, err := kv.GetMetadata(ctx, "app/cas")
		Holds(errors.Is(err, api.ErrSecretNotFound), fmt.Sprint(err))
	})
	Step("kv: subkeys, by a plain read", func() {
		subkeys := Must(client.Logical().Read("secret/subkeys/app/one")).Data["subkeys"]
		Equal(subkeys, any(map[string]any{"password": nil, "note": nil}))
	})
	Step("kv: no data: 400", func() {
		_, err := client.Logical().Write("secret/data/app/none", map[string]any{})
		refused(err, 400, "no data provided")
	})
	Step("kv: an unsupported operation: 405", func() {
		_, err := client.Logical().Delete("secret/config")
		refused(err, 405, "unsupported operation")
	})
}

func tokens() {
	auth := client.Auth().Token()
	Step("token: look up", func() {
		own := Must(auth.LookupSelf())
		Equal(Must(own.TokenPolicies()), []string{"root"})
		Equal(Must(own.TokenTTL()), time.Duration(0))
	})
	Step("token: create, look up, renew, revoke", func() {
		created := Must(auth.Create(&api.TokenCreateRequest{Policies: []string{"default"}, TTL: "1h", Metadata: map[string]string{"for": "example"}}))
		Equal(created.Auth.LeaseDuration, 3600)
		Equal(Must(Must(auth.Lookup(created.Auth.ClientToken)).TokenMetadata()), map[string]string{"for": "example"})
		Equal(Must(auth.LookupAccessor(created.Auth.Accessor)).Data["id"], any(""))
		other := withToken(created.Auth.ClientToken)
		Equal(Must(other.Auth().Token().RenewSelf(1800)).Auth.LeaseDuration, 1800)
		Equal(Must(auth.Renew(created.Auth.ClientToken, 1200)).Auth.LeaseDuration, 1200)
		OK(other.Auth().Token().RevokeSelf(""))
		_, err := other.Auth().Token().LookupSelf()
		refused(err, 403, "permission denied")
	})
	Step("token: revoke, with its children", func() {
		parent := Must(auth.Create(&api.TokenCreateRequest{Policies: []string{"root"}, TTL: "1h"}))
		child := Must(withToken(parent.Auth.ClientToken).Auth().Token().Create(&api.TokenCreateRequest{Policies: []string{"default"}}))
		OK(auth.RevokeTree(parent.Auth.ClientToken))
		_, err := withToken(child.Auth.ClientToken).Auth().Token().LookupSelf()
		refused(err, 403, "permission denied")
	})
	Step("token: unknown: 403 permission denied", func() {
		_, err := withToken(canary+"-token").KVv2("secret").Get(ctx, "app/one")
		refused(err, 403, "permission denied")
	})
}

func policies() *api.Client {
	reader := newClient()
	Step("policy: what it does not grant is 403, whether it exists or not", func() {
		OK(client.Sys().PutPolicy("reader", `path "secret/data/app/*" { capabilities = ["read"] }`))
		created := Must(client.Auth().Token().Create(&api.TokenCreateRequest{Policies: []string{"reader"}}))
		reader.SetToken(created.Auth.ClientToken)
		Equal(Must(reader.KVv2("secret").Get(ctx, "app/one")).Data, value("one"))
		_, err := reader.KVv2("secret").Put(ctx, "app/one", value("x"))
		refused(err, 403, "permission denied")
		_, err = reader.Logical().List("secret/metadata/app")
		refused(err, 403, "permission denied")
		_, err = reader.KVv2("secret").Get(ctx, "other/one")
		refused(err, 403, "permission denied")
	})
	Step("policy: capabilities-self", func() {
		Equal(Must(reader.Sys().CapabilitiesSelf("secret/data/app/one")), []string{"read"})
		Equal(Must(reader.Sys().CapabilitiesSelf("secret/data/other")), []string{"deny"})
		Equal(Must(client.Sys().CapabilitiesSelf("secret/data/other")), []string{"root"})
	})
	return reader
}

func logins() {
	Step("approle: login, and what it may", func() {
		OK(client.Sys().EnableAuthWithOptions("approle", &api.EnableAuthOptions{Type: "approle"}))
		Must(client.Logical().Write("auth/approle/role/app", map[string]any{"token_policies": "reader", "token_ttl": "20m"}))
		roleID := Must(client.Logical().Read("auth/approle/role/app/role-id")).Data["role_id"].(string)
		secretID := Must(client.Logical().Write("auth/approle/role/app/secret-id", nil)).Data["secret_id"].(string)
		application := withToken("")
		auth := Must(approle.NewAppRoleAuth(roleID, &approle.SecretID{FromString: secretID}))
		Equal(Must(application.Auth().Login(ctx, auth)).Auth.LeaseDuration, 1200)
		Equal(Must(application.KVv2("secret").Get(ctx, "app/one")).Data, value("one"))

		wrong := Must(approle.NewAppRoleAuth(roleID, &approle.SecretID{FromString: canary + "-secret-id"}))
		_, err := withToken("").Auth().Login(ctx, wrong)
		refused(err, 400, "invalid role or secret ID")
	})
	Step("kubernetes: login by a ServiceAccount's token", func() {
		Must(client.Logical().Write("auth/kubernetes/role/app", map[string]any{
			"bound_service_account_names": "external-secrets", "bound_service_account_namespaces": "external-secrets",
			"audience": "vault", "token_policies": "reader", "token_ttl": "20m",
		}))
		application := withToken("")
		path := kubernetes.WithServiceAccountTokenPath(os.Getenv("KUBERNETES_TOKEN_FILE"))
		login := Must(application.Auth().Login(ctx, Must(kubernetes.NewKubernetesAuth("app", path))))
		Equal(login.Auth.Metadata["service_account_name"], "external-secrets")
		Equal(Must(application.KVv2("secret").Get(ctx, "app/one")).Data, value("one"))
	})
	Step("kubernetes: another audience: 403; an unknown role: 400", func() {
		other := kubernetes.WithServiceAccountTokenPath(os.Getenv("OTHER_AUDIENCE_TOKEN_FILE"))
		_, err := withToken("").Auth().Login(ctx, Must(kubernetes.NewKubernetesAuth("app", other)))
		refused(err, 403, "invalid audience (aud) claim")
		path := kubernetes.WithServiceAccountTokenPath(os.Getenv("KUBERNETES_TOKEN_FILE"))
		_, err = withToken("").Auth().Login(ctx, Must(kubernetes.NewKubernetesAuth("none", path)))
		refused(err, 400, `invalid role name "none"`)
	})
}

func failures(reader *api.Client) {
	Step("412 and 500 are retried, by default", func() {
		for _, status := range []int{412, 500} {
			Ask(fmt.Sprintf("answer %d once", status))
			Equal(Must(reader.KVv2("secret").Get(ctx, "app/one")).Data, value("one"))
		}
	})
	Step("sealed: 503 to everything but what tells so, then unsealed", func() {
		OK(client.Sys().Seal())
		_, err := kv.Get(ctx, "app/one")
		refused(err, 503, "Vault is sealed")
		Equal(Must(client.Sys().SealStatus()).Sealed, true)
		Equal(Must(client.Sys().Health()).Sealed, true)
		Equal(Must(client.Sys().Unseal(os.Getenv("UNSEAL_KEY"))).Sealed, false)
		Equal(Must(kv.Get(ctx, "app/one")).Data, value("one"))
	})
}
