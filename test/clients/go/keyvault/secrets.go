package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	. "lockstep.test/clients/steps"
)

func update(name, version string, parameters azsecrets.UpdateSecretPropertiesParameters) (azsecrets.Secret, error) {
	updated, err := vault.UpdateSecretProperties(ctx, name, version, parameters, nil)
	return updated.Secret, err
}

func enable(name string, enabled bool) {
	Must(update(name, "", azsecrets.UpdateSecretPropertiesParameters{SecretAttributes: &azsecrets.SecretAttributes{Enabled: &enabled}}))
}

func writeAndRead() {
	Step("set, with all attributes", func() {
		value := canary + "-1\r\ngrün"
		tags := map[string]*string{"owner": to.Ptr("team"), "Größe": to.Ptr("1")}
		written := Must(vault.SetSecret(ctx, "one", azsecrets.SetSecretParameters{
			Value: &value, ContentType: to.Ptr("text/plain"), Tags: tags,
			SecretAttributes: &azsecrets.SecretAttributes{Enabled: to.Ptr(true), NotBefore: &on, Expires: &until},
		}, nil))
		Equal([]string{written.ID.Name(), *written.Value, *written.ContentType}, []string{"one", value, "text/plain"})
		Equal(written.Tags, tags)
		attributes := written.Attributes
		Holds(attributes.NotBefore.Equal(on) && attributes.Expires.Equal(until) && *attributes.Enabled, "attributes differ")
		Equal(*attributes.RecoveryLevel, "Recoverable+Purgeable")
		Equal(*attributes.RecoverableDays, int32(90))
		Contains(string(*written.ID), os.Getenv("MAIN_VAULT_URL")+"/secrets/one/")
		first = written.ID.Version()
		Equal(len(first), 32)
	})
	Step("get, the latest and one version", func() {
		second = Must(set(vault, "one", canary+"-2")).ID.Version()
		latest := Must(vault.GetSecret(ctx, "one", "", nil))
		Equal([]string{*latest.Value, latest.ID.Version()}, []string{canary + "-2", second})
		Equal(len(latest.Tags), 0)
		Equal(*Must(vault.GetSecret(ctx, "one", first, nil)).Value, canary+"-1\r\ngrün")
		Equal(Must(get(vault, "ONE")), canary+"-2")
	})
	Step("versions", func() {
		expected := []string{first, second}
		slices.Sort(expected)
		Equal(versions("one"), expected)
	})
	Step("list 60 secrets, in pages", func() {
		expected := []string{"one"}
		for number := range 60 {
			name := fmt.Sprintf("many-%02d", number)
			Must(set(vault, name, canary+"-"+name))
			expected = append(expected, name)
		}
		pages, names, err := list(vault)
		OK(err)
		slices.Sort(names)
		slices.Sort(expected)
		Equal(names, expected)
		Equal(pages, []int{25, 25, 11})
	})
	Step("update attributes; what is not named stays, tags are replaced", func() {
		tags := map[string]*string{"owner": to.Ptr("other")}
		updated := Must(update("one", first, azsecrets.UpdateSecretPropertiesParameters{Tags: tags}))
		Equal(updated.Tags, tags)
		Equal(*updated.ContentType, "text/plain")
		Holds(updated.Attributes.Expires.Equal(until), "expiry differs")
		Equal(Must(update("one", "", azsecrets.UpdateSecretPropertiesParameters{ContentType: to.Ptr("x")})).ID.Version(), second)
	})
	Step("a disabled secret: 403 SecretDisabled, its older version can be read", func() {
		enable("one", false)
		defer enable("one", true)
		_, err := get(vault, "one")
		refused(err, 403, "Forbidden", "SecretDisabled")
		Equal(*Must(vault.GetSecret(ctx, "one", first, nil)).Value, canary+"-1\r\ngrün")
	})
}

func deleteAndRecover() {
	Step("delete, and what is deleted", func() {
		remove(vault, "one")
		deleted := Must(vault.GetDeletedSecret(ctx, "one", nil))
		Equal(*deleted.RecoveryID, os.Getenv("MAIN_VAULT_URL")+"/deletedsecrets/one")
		Equal(deleted.ScheduledPurgeDate.Sub(*deleted.DeletedDate).Hours(), 90.0*24)
		_, err := get(vault, "one")
		refused(err, 404, "SecretNotFound")
		page := Must(vault.NewListDeletedSecretPropertiesPager(nil).NextPage(ctx))
		Equal(len(page.Value), 1)
		Equal(page.Value[0].ID.Name(), "one")
	})
	Step("set on a deleted name: 409 ObjectIsDeletedButRecoverable", func() {
		_, err := set(vault, "one", canary+"-3")
		refused(err, 409, "Conflict", "ObjectIsDeletedButRecoverable")
	})
	Step("recover", func() {
		Must(vault.RecoverDeletedSecret(ctx, "one", nil))
		wait(func() error { _, err := get(vault, "one"); return err })
		Equal(Must(get(vault, "one")), canary+"-2")
		_, err := vault.GetDeletedSecret(ctx, "one", nil)
		refused(err, 404, "SecretNotFound")
	})
	Step("backup; restore over a live name: 409; restore after a purge, with all versions", func() {
		backup := azsecrets.RestoreSecretParameters{SecretBackup: Must(vault.BackupSecret(ctx, "one", nil)).Value}
		_, err := vault.RestoreSecret(ctx, backup, nil)
		refused(err, 409, "Conflict")
		remove(vault, "one")
		_, err = vault.RestoreSecret(ctx, backup, nil)
		refused(err, 409, "Conflict")
		Must(vault.PurgeDeletedSecret(ctx, "one", nil))
		_, err = vault.GetDeletedSecret(ctx, "one", nil)
		refused(err, 404, "SecretNotFound")
		Equal(Must(vault.RestoreSecret(ctx, backup, nil)).ID.Name(), "one")
		Equal(len(versions("one")), 2)
		Equal(*Must(vault.GetSecret(ctx, "one", first, nil)).Value, canary+"-1\r\ngrün")
	})
	Step("restore what is no backup: 400", func() {
		_, err := vault.RestoreSecret(ctx, azsecrets.RestoreSecretParameters{SecretBackup: []byte("example")}, nil)
		refused(err, 400, "BadParameter")
	})
	Step("purge where purge protection is on: 403", func() {
		Must(set(protected, "kept", canary+"-kept"))
		remove(protected, "kept")
		_, err := protected.PurgeDeletedSecret(ctx, "kept", nil)
		refused(err, 403, "Forbidden", "purge protection")
		Equal(*Must(protected.GetDeletedSecret(ctx, "kept", nil)).Attributes.RecoveryLevel, "CustomizedRecoverable")
	})
	Step("delete and recover that take a while", func() {
		Must(set(slow, "late", canary+"-late"))
		Must(slow.DeleteSecret(ctx, "late", nil))
		_, err := slow.GetDeletedSecret(ctx, "late", nil)
		refused(err, 404, "SecretNotFound")
		_, err = set(slow, "late", canary+"-late-2")
		refused(err, 409, "Conflict", "ObjectIsBeingDeleted")
		wait(func() error { _, err := slow.GetDeletedSecret(ctx, "late", nil); return err })
		Must(slow.RecoverDeletedSecret(ctx, "late", nil))
		_, err = get(slow, "late")
		refused(err, 404, "SecretNotFound")
		wait(func() error { _, err := get(slow, "late"); return err })
		Equal(Must(get(slow, "late")), canary+"-late")
	})
}

func refusals() {
	Step("not found: 404 SecretNotFound", func() {
		_, ofGet := get(vault, "nothing")
		_, ofVersion := vault.GetSecret(ctx, "one", strings.Repeat("0", 32), nil)
		_, ofUpdate := update("nothing", "", azsecrets.UpdateSecretPropertiesParameters{ContentType: to.Ptr("x")})
		_, ofDelete := vault.DeleteSecret(ctx, "nothing", nil)
		_, ofBackup := vault.BackupSecret(ctx, "nothing", nil)
		_, ofDeleted := vault.GetDeletedSecret(ctx, "nothing", nil)
		_, ofPurge := vault.PurgeDeletedSecret(ctx, "nothing", nil)
		_, ofRecover := vault.RecoverDeletedSecret(ctx, "nothing", nil)
		for _, err := range []error{ofGet, ofVersion, ofUpdate, ofDelete, ofBackup, ofDeleted, ofPurge, ofRecover} {
			refused(err, 404, "SecretNotFound")
		}
		Equal(len(versions("nothing")), 0)
	})
	Step("a name that cannot be: 400 BadParameter", func() {
		for _, name := range []string{"under_score", strings.Repeat("a", 128)} {
			_, err := set(vault, name, canary)
			refused(err, 400, "BadParameter")
		}
		Must(set(vault, strings.Repeat("a", 127), canary))
	})
	Step("25 KB are accepted, one byte more is 400 BadParameter", func() {
		whole := canary + strings.Repeat("x", 25*1024-len(canary))
		Equal(*Must(set(vault, "large", whole)).Value == whole, true)
		_, err := set(vault, "large", whole+"x")
		refused(err, 400, "BadParameter")
	})
	Step("15 tags are accepted, 16 are 400 BadParameter", func() {
		tags := map[string]*string{}
		for number := range 15 {
			tags[fmt.Sprint("t", number)] = to.Ptr("x")
		}
		Must(vault.SetSecret(ctx, "tags", azsecrets.SetSecretParameters{Value: &canary, Tags: tags}, nil))
		tags["one-more"] = to.Ptr("x")
		_, err := vault.SetSecret(ctx, "tags", azsecrets.SetSecretParameters{Value: &canary, Tags: tags}, nil)
		refused(err, 400, "BadParameter")
	})
}
