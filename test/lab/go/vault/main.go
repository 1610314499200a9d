// Command vault serves the real Vault core (HTTP API, policies, audit, KV v2, Kubernetes and AppRole auth) for the lab.
// It initialises itself with one unseal key on first start and writes {root_token, unseal_key} to -init-file (mode 0600).
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"slices"

	"github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/credential/approle"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

// builtins names the plugins compiled in; Vault refuses to mount any other.
type builtins struct{}

func (builtins) Keys(t consts.PluginType) []string {
	switch t {
	case consts.PluginTypeSecrets:
		return []string{"kv"}
	case consts.PluginTypeCredential:
		return []string{"kubernetes", "approle", "jwt", "oidc"}
	}
	return nil
}
func (b builtins) Contains(name string, t consts.PluginType) bool {
	return slices.Contains(b.Keys(t), name)
}
func (b builtins) Get(name string, t consts.PluginType) (func() (any, error), bool) {
	return func() (any, error) { return nil, nil }, b.Contains(name, t)
}
func (b builtins) DeprecationStatus(name string, t consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, b.Contains(name, t)
}
func (builtins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

func main() {
	listen := flag.String("listen", "127.0.0.1:8200", "address to serve on")
	storage := flag.String("storage", "", "folder to keep data in; empty for memory")
	initFile := flag.String("init-file", "", "where to keep the root token and the unseal key")
	flag.Parse()

	logger := hclog.New(&hclog.LoggerOptions{Name: "vault", Level: hclog.Warn})
	backend, err := openStorage(*storage, logger)
	fatalIf(err)
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:           backend,
		DisableMlock:       true,
		Logger:             logger,
		BuiltinRegistry:    builtins{},
		LogicalBackends:    map[string]logical.Factory{"kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{"kubernetes": kubernetes.Factory, "approle": approle.Factory, "jwt": jwt.Factory, "oidc": jwt.Factory},
		AuditBackends:      map[string]audit.Factory{"file": audit.NewFileBackend, "socket": audit.NewSocketBackend},
		RedirectAddr:       "http://" + *listen,
	})
	fatalIf(err)
	fatalIf(openCore(context.Background(), core, *initFile))

	socket, err := net.Listen("tcp", *listen)
	fatalIf(err)
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	log.Fatal(http.Serve(socket, handler))
}

func openStorage(folder string, logger hclog.Logger) (physical.Backend, error) {
	if folder == "" {
		return inmem.NewInmem(nil, logger)
	}
	return file.NewFileBackend(map[string]string{"path": folder}, logger)
}

type initResult struct {
	RootToken string `json:"root_token"`
	UnsealKey string `json:"unseal_key"`
}

// openCore initialises a new core or unseals an old one with the key kept in initFile.
func openCore(ctx context.Context, core *vault.Core, initFile string) error {
	initialized, err := core.Initialized(ctx)
	if err != nil {
		return err
	}
	var kept initResult
	if !initialized {
		seal := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
		result, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: seal, RecoveryConfig: seal})
		if err != nil {
			return err
		}
		kept = initResult{RootToken: result.RootToken, UnsealKey: base64.StdEncoding.EncodeToString(result.SecretShares[0])}
		text, _ := json.Marshal(kept)
		if err := os.WriteFile(initFile, text, 0o600); err != nil {
			return err
		}
	} else {
		text, err := os.ReadFile(initFile)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &kept); err != nil {
			return err
		}
	}
	key, err := base64.StdEncoding.DecodeString(kept.UnsealKey)
	if err != nil {
		return err
	}
	_, err = core.Unseal(key)
	return err
}

func fatalIf(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
