// Drives Key Vault by azsecrets and azidentity, as they come: the challenge's resource is verified.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	. "lockstep.test/clients/steps"
)

const otherTenant = "00000000-0000-4000-8000-0000000000ff"

var (
	ctx     = context.Background()
	canary  = os.Getenv("CANARY")
	options = policy.ClientOptions{Transport: &http.Client{Transport: localNames()}}

	vault     = clientOf("MAIN_VAULT_URL", credential("AZURE_CLIENT_ID"))
	protected = clientOf("PROTECTED_VAULT_URL", credential("AZURE_CLIENT_ID"))
	slow      = clientOf("SLOW_VAULT_URL", credential("AZURE_CLIENT_ID"))
	on        = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	until     = time.Date(2037, 1, 2, 3, 4, 5, 0, time.UTC)
	noSet     *azsecrets.SetSecretOptions

	first, second string
)

// localNames resolves *.localhost as 127.0.0.1: many machines do not know names below localhost. TLS still checks the name.
func localNames() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, ".localhost") {
			address = net.JoinHostPort("127.0.0.1", port)
		}
		return dialer.DialContext(ctx, network, address)
	}
	return transport
}

func secretCredential(tenant, clientID, secret string, allowed ...string) azcore.TokenCredential {
	// AZURE_AUTHORITY_HOST is read by azidentity itself.
	credential, err := azidentity.NewClientSecretCredential(tenant, clientID, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true, AdditionallyAllowedTenants: allowed,
	})
	if err != nil {
		panic(err)
	}
	return credential
}

func credential(clientID string) azcore.TokenCredential {
	return secretCredential(os.Getenv("AZURE_TENANT_ID"), os.Getenv(clientID), os.Getenv("AZURE_CLIENT_SECRET"))
}

func workload(tokenFile string) azcore.TokenCredential {
	return Must(azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true, TokenFilePath: tokenFile,
	}))
}

func clientOf(url string, credential azcore.TokenCredential) *azsecrets.Client {
	client, err := azsecrets.NewClient(os.Getenv(url), credential, &azsecrets.ClientOptions{ClientOptions: options})
	if err != nil {
		panic(err)
	}
	return client
}

// fixedToken shows the vault one token, whatever it asks for.
type fixedToken string

func (token fixedToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(token), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// refused checks status and code, and the inner code in the body, which azcore prints.
func refused(err error, status int, code string, inner ...string) {
	var response *azcore.ResponseError
	Holds(errors.As(err, &response), fmt.Sprintf("%v is not a ResponseError", err))
	Equal(response.StatusCode, status)
	Equal(response.ErrorCode, code)
	for _, text := range inner {
		Contains(response.Error(), text)
	}
}

func set(client *azsecrets.Client, name, value string) (azsecrets.SetSecretResponse, error) {
	return client.SetSecret(ctx, name, azsecrets.SetSecretParameters{Value: &value}, noSet)
}

func get(client *azsecrets.Client, name string) (string, error) {
	read, err := client.GetSecret(ctx, name, "", nil)
	if err != nil {
		return "", err
	}
	return *read.Value, nil
}

func list(client *azsecrets.Client) (pages []int, names []string, err error) {
	for pager := client.NewListSecretPropertiesPager(nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, nil, err
		}
		pages = append(pages, len(page.Value))
		for _, item := range page.Value {
			names = append(names, item.ID.Name())
		}
	}
	return pages, names, nil
}

func versions(name string) (found []string) {
	for pager := vault.NewListSecretPropertiesVersionsPager(name, nil); pager.More(); {
		for _, item := range Must(pager.NextPage(ctx)).Value {
			found = append(found, item.ID.Version())
		}
	}
	slices.Sort(found)
	return found
}

func notFound(err error) bool {
	var response *azcore.ResponseError
	return errors.As(err, &response) && response.StatusCode == 404
}

// wait is what azsecrets leaves to its callers: it has no pollers.
func wait(try func() error) {
	for range 100 {
		err := try()
		if !notFound(err) {
			OK(err)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	Holds(false, "it takes too long")
}

func remove(client *azsecrets.Client, name string) {
	Must(client.DeleteSecret(ctx, name, nil))
	wait(func() error { _, err := client.GetDeletedSecret(ctx, name, nil); return err })
}

func main() {
	writeAndRead()
	deleteAndRecover()
	refusals()
	identities()
	Done()
}
