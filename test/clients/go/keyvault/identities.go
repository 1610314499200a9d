package main

import (
	"errors"
	"os"
	"slices"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	. "lockstep.test/clients/steps"
)

// notAuthenticated checks what azidentity says of a token that it did not get.
func notAuthenticated(err error, text string) {
	var failed *azidentity.AuthenticationFailedError
	Holds(errors.As(err, &failed), "it is not an AuthenticationFailedError")
	Contains(failed.Error(), text)
}

func identities() {
	tenant, clientID, secret := os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID"), os.Getenv("AZURE_CLIENT_SECRET")
	Step("an identity without a role: 403 ForbiddenByRbac", func() {
		stranger := clientOf("MAIN_VAULT_URL", credential("STRANGER_CLIENT_ID"))
		_, ofGet := get(stranger, "one")
		_, ofNothing := get(stranger, "nothing")
		_, ofSet := set(stranger, "one", canary)
		_, _, ofList := list(stranger)
		for _, err := range []error{ofGet, ofNothing, ofSet, ofList} {
			refused(err, 403, "Forbidden", "ForbiddenByRbac")
		}
	})
	Step("an identity that may read metadata only: lists, but gets no value", func() {
		reader := clientOf("MAIN_VAULT_URL", credential("READER_CLIENT_ID"))
		_, names, err := list(reader)
		OK(err)
		Holds(slices.Contains(names, "one"), "it is not listed")
		_, err = get(reader, "one")
		refused(err, 403, "Forbidden", "ForbiddenByRbac")
	})
	Step("a wrong client secret: AADSTS7000215", func() {
		_, err := get(clientOf("MAIN_VAULT_URL", secretCredential(tenant, clientID, "example-wrong")), "one")
		notAuthenticated(err, "AADSTS7000215")
	})
	Step("an unknown client: AADSTS700016", func() {
		_, err := get(clientOf("MAIN_VAULT_URL", secretCredential(tenant, "00000000-0000-4000-8000-00000000dead", secret)), "one")
		notAuthenticated(err, "AADSTS700016")
	})
	Step("a credential of another tenant: refused by the client, unless it is told to follow the challenge", func() {
		_, err := get(clientOf("MAIN_VAULT_URL", secretCredential(otherTenant, clientID, secret)), "one")
		Contains(err.Error(), "isn't configured to acquire tokens for tenant")
		Equal(Must(get(clientOf("MAIN_VAULT_URL", secretCredential(otherTenant, clientID, secret, "*")), "one")), canary+"-2")
	})
	Step("an unknown tenant gives no token", func() {
		scopes := policy.TokenRequestOptions{Scopes: []string{"https://vault.azure.net/.default"}}
		_, err := secretCredential(otherTenant, clientID, secret).GetToken(ctx, scopes)
		notAuthenticated(err, "AADSTS90002")
	})
	Step("a token that is none, or for another audience: 401 Unauthorized", func() {
		scopes := policy.TokenRequestOptions{Scopes: []string{"https://management.azure.com/.default"}}
		foreign := Must(credential("AZURE_CLIENT_ID").GetToken(ctx, scopes)).Token
		for _, token := range []string{"example-garbage", "a.b.c", foreign} {
			_, err := get(clientOf("MAIN_VAULT_URL", fixedToken(token)), "one")
			refused(err, 401, "Unauthorized")
		}
	})
	Step("429 with Retry-After: the client waits and succeeds", func() {
		Ask("throttle once")
		start := time.Now()
		Equal(Must(get(vault, "one")), canary+"-2")
		Holds(time.Since(start) >= time.Second, "it did not wait")
	})
	Step("workload identity, from the environment", func() {
		Equal(Must(get(clientOf("MAIN_VAULT_URL", workload("")), "one")), canary+"-2")
	})
	Step("workload identity of another ServiceAccount: AADSTS700213", func() {
		_, err := get(clientOf("MAIN_VAULT_URL", workload(os.Getenv("OTHER_SUBJECT_TOKEN_FILE"))), "one")
		notAuthenticated(err, "AADSTS700213")
	})
}
