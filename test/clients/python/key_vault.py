"""Drives Key Vault by azure-keyvault-secrets and azure-identity, as they come: the challenge's resource is verified."""

import os
import time
from datetime import datetime, timezone

import local_names  # noqa: F401
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential, CredentialUnavailableError, WorkloadIdentityCredential
from azure.keyvault.secrets import SecretClient

from steps import ask, done, equal, raises, step

env = os.environ
canary = env["CANARY"]
# AZURE_AUTHORITY_HOST is read by azure-identity itself.
custom_authority = {"disable_instance_discovery": True}


def credential(client_id=env["AZURE_CLIENT_ID"], secret=env["AZURE_CLIENT_SECRET"], tenant=env["AZURE_TENANT_ID"], **more):
    return ClientSecretCredential(tenant, client_id, secret, **custom_authority, **more)


def client_of(vault, with_credential=None):
    return SecretClient(env[vault], with_credential or credential())


class FixedToken:
    """Shows the vault one token, whatever it asks for."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *_scopes, **_options):
        return AccessToken(self.token, int(time.time()) + 3600)


def refused(error, status, code, inner=None):
    equal((error.status_code, error.error.code), (status, code))
    if inner is not None:
        equal(error.error.innererror["code"], inner)


main = client_of("MAIN_VAULT_URL")
protected = client_of("PROTECTED_VAULT_URL")
slow = client_of("SLOW_VAULT_URL")
on = datetime(2027, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
until = datetime(2037, 1, 2, 3, 4, 5, tzinfo=timezone.utc)

with step("set, with all attributes"):
    tags = {"owner": "team", "Größe": "1"}
    secret = main.set_secret(
        "one", f"{canary}-1\r\ngrün", content_type="text/plain", tags=tags, not_before=on, expires_on=until, enabled=True
    )
    properties = secret.properties
    equal((secret.name, secret.value, properties.content_type, properties.tags), ("one", f"{canary}-1\r\ngrün", "text/plain", tags))
    equal((properties.not_before, properties.expires_on, properties.enabled), (on, until, True))
    equal((properties.recovery_level, properties.recoverable_days), ("Recoverable+Purgeable", 90))
    equal(properties.vault_url, env["MAIN_VAULT_URL"])
    assert len(properties.version) == 32 and abs(properties.created_on.timestamp() - time.time()) < 60
    first = properties.version
with step("get, the latest and one version"):
    second = main.set_secret("one", f"{canary}-2").properties.version
    latest = main.get_secret("one")
    equal((latest.value, latest.properties.version, latest.properties.tags), (f"{canary}-2", second, None))
    equal(main.get_secret("one", first).value, f"{canary}-1\r\ngrün")
    equal(main.get_secret("ONE").value, f"{canary}-2")
with step("versions"):
    equal({item.version for item in main.list_properties_of_secret_versions("one")}, {first, second})
with step("list 60 secrets, in pages"):
    names = [f"many-{number:02}" for number in range(60)]
    for name in names:
        main.set_secret(name, f"{canary}-{name}")
    equal(sorted(item.name for item in main.list_properties_of_secrets() if item.name.startswith("many-")), names)
    pages = [len(list(page)) for page in main.list_properties_of_secrets().by_page()]
    equal(pages, [25, 25, 11])
    equal([len(list(page)) for page in main.list_properties_of_secrets(max_page_size=20).by_page()], [20, 20, 20, 1])
with step("update attributes; what is not named stays, tags are replaced"):
    updated = main.update_secret_properties("one", first, tags={"owner": "other"})
    equal((updated.tags, updated.content_type, updated.expires_on), ({"owner": "other"}, "text/plain", until))
    equal(main.update_secret_properties("one", content_type="x").version, second)
with step("a disabled secret: 403 SecretDisabled, its older version can be read"):
    main.update_secret_properties("one", enabled=False)
    try:
        with raises(HttpResponseError) as caught:
            main.get_secret("one")
        refused(caught.error, 403, "Forbidden", "SecretDisabled")
        equal(main.get_secret("one", first).value, f"{canary}-1\r\ngrün")
        equal([item.enabled for item in main.list_properties_of_secrets() if item.name == "one"], [False])
    finally:
        main.update_secret_properties("one", enabled=True)
with step("delete, and what is deleted"):
    deleted = main.begin_delete_secret("one").result()
    equal((deleted.name, deleted.recovery_id), ("one", f"{env['MAIN_VAULT_URL']}/deletedsecrets/one"))
    equal((deleted.scheduled_purge_date - deleted.deleted_date).days, 90)
    with raises(ResourceNotFoundError) as caught:
        main.get_secret("one")
    refused(caught.error, 404, "SecretNotFound")
    equal(main.get_deleted_secret("one").properties.version, second)
    equal([item.name for item in main.list_deleted_secrets()], ["one"])
with step("set and restore on a deleted name: 409 ObjectIsDeletedButRecoverable"):
    with raises(ResourceExistsError) as caught:
        main.set_secret("one", f"{canary}-3")
    refused(caught.error, 409, "Conflict", "ObjectIsDeletedButRecoverable")
with step("recover"):
    equal(main.begin_recover_deleted_secret("one").result().name, "one")
    equal(main.get_secret("one").value, f"{canary}-2")
    with raises(ResourceNotFoundError):
        main.get_deleted_secret("one")
with step("backup; restore over a live name: 409; restore after a purge, with all versions"):
    backup = main.backup_secret("one")
    with raises(ResourceExistsError) as caught:
        main.restore_secret_backup(backup)
    refused(caught.error, 409, "Conflict")
    main.begin_delete_secret("one").wait()
    with raises(ResourceExistsError):
        main.restore_secret_backup(backup)
    main.purge_deleted_secret("one")
    with raises(ResourceNotFoundError) as caught:
        main.get_deleted_secret("one")
    refused(caught.error, 404, "SecretNotFound")
    equal(main.restore_secret_backup(backup).name, "one")
    equal({item.version for item in main.list_properties_of_secret_versions("one")}, {first, second})
    equal(main.get_secret("one", first).value, f"{canary}-1\r\ngrün")
with step("restore what is no backup: 400"):
    with raises(HttpResponseError) as caught:
        main.restore_secret_backup(b"example")
    refused(caught.error, 400, "BadParameter")
with step("purge where purge protection is on: 403"):
    protected.set_secret("kept", f"{canary}-kept")
    protected.begin_delete_secret("kept").wait()
    with raises(HttpResponseError) as caught:
        protected.purge_deleted_secret("kept")
    refused(caught.error, 403, "Forbidden")
    assert "purge protection" in caught.error.message, caught.error.message
    equal(protected.get_deleted_secret("kept").properties.recovery_level, "CustomizedRecoverable")
with step("delete and recover that take a while: the pollers wait"):
    slow.set_secret("late", f"{canary}-late")
    poller = slow.begin_delete_secret("late")
    with raises(ResourceNotFoundError):
        slow.get_deleted_secret("late")
    with raises(ResourceExistsError) as caught:
        slow.set_secret("late", f"{canary}-late-2")
    refused(caught.error, 409, "Conflict", "ObjectIsBeingDeleted")
    poller.wait()
    equal(slow.get_deleted_secret("late").name, "late")
    poller = slow.begin_recover_deleted_secret("late")
    with raises(ResourceNotFoundError):
        slow.get_secret("late")
    poller.wait()
    equal(slow.get_secret("late").value, f"{canary}-late")

# Refusals

with step("not found: 404 SecretNotFound"):
    for attempt in (
        lambda: main.get_secret("nothing"),
        lambda: main.get_secret("one", "0" * 32),
        lambda: main.update_secret_properties("nothing", enabled=True),
        lambda: main.begin_delete_secret("nothing"),
        lambda: main.backup_secret("nothing"),
        lambda: main.get_deleted_secret("nothing"),
        lambda: main.purge_deleted_secret("nothing"),
    ):
        with raises(ResourceNotFoundError) as caught:
            attempt()
        refused(caught.error, 404, "SecretNotFound")
    equal(list(main.list_properties_of_secret_versions("nothing")), [])
with step("a name that cannot be: 400 BadParameter"):
    for name in ("under_score", "a" * 128):
        with raises(HttpResponseError) as caught:
            main.set_secret(name, canary)
        refused(caught.error, 400, "BadParameter")
    equal(main.set_secret("a" * 127, canary).name, "a" * 127)
with step("25 KB are accepted, one byte more is 400 BadParameter"):
    whole = canary + "x" * (25 * 1024 - len(canary))
    equal(main.set_secret("large", whole).value, whole)
    with raises(HttpResponseError) as caught:
        main.set_secret("large", whole + "x")
    refused(caught.error, 400, "BadParameter")
with step("15 tags are accepted, 16 are 400 BadParameter"):
    equal(len(main.set_secret("tags", canary, tags={f"t{n}": "x" for n in range(15)}).properties.tags), 15)
    with raises(HttpResponseError) as caught:
        main.set_secret("tags", canary, tags={f"t{n}": "x" for n in range(16)})
    refused(caught.error, 400, "BadParameter")
with step("an identity without a role: 403 ForbiddenByRbac"):
    stranger = client_of("MAIN_VAULT_URL", credential(env["STRANGER_CLIENT_ID"]))
    for attempt in (
        lambda: stranger.get_secret("one"),
        lambda: stranger.get_secret("nothing"),
        lambda: stranger.set_secret("one", canary),
        lambda: list(stranger.list_properties_of_secrets()),
    ):
        with raises(HttpResponseError) as caught:
            attempt()
        refused(caught.error, 403, "Forbidden", "ForbiddenByRbac")
with step("an identity that may read metadata only: lists, but gets no value"):
    reader = client_of("MAIN_VAULT_URL", credential(env["READER_CLIENT_ID"]))
    assert "one" in [item.name for item in reader.list_properties_of_secrets()]
    with raises(HttpResponseError) as caught:
        reader.get_secret("one")
    refused(caught.error, 403, "Forbidden", "ForbiddenByRbac")
with step("a wrong client secret: AADSTS7000215"):
    with raises(ClientAuthenticationError) as caught:
        client_of("MAIN_VAULT_URL", credential(secret="example-wrong")).get_secret("one")
    assert "AADSTS7000215" in caught.error.message, caught.error.message
with step("an unknown client: AADSTS700016"):
    with raises(ClientAuthenticationError) as caught:
        client_of("MAIN_VAULT_URL", credential("00000000-0000-4000-8000-00000000dead")).get_secret("one")
    assert "AADSTS700016" in caught.error.message, caught.error.message
with step("a credential of another tenant: refused by the client, unless it is told to follow the challenge"):
    other = "00000000-0000-4000-8000-0000000000ff"
    with raises(ClientAuthenticationError) as caught:
        client_of("MAIN_VAULT_URL", credential(tenant=other)).get_secret("one")
    assert "not configured to acquire tokens for tenant" in caught.error.message, caught.error.message
    with_any = credential(tenant=other, additionally_allowed_tenants=["*"])
    equal(client_of("MAIN_VAULT_URL", with_any).get_secret("one").value, f"{canary}-2")
with step("an unknown tenant gives no token"):
    try:
        credential(tenant=other).get_token("https://vault.azure.net/.default")
    except (ClientAuthenticationError, ValueError) as error:
        assert "tenant" in str(error).lower(), error
    else:
        raise AssertionError("it gave a token")
with step("a token that is none, or for another audience: 401 Unauthorized"):
    foreign = credential().get_token("https://management.azure.com/.default").token
    for token in ("example-garbage", "a.b.c", foreign):
        with raises(ClientAuthenticationError) as caught:
            client_of("MAIN_VAULT_URL", FixedToken(token)).get_secret("one")
        refused(caught.error, 401, "Unauthorized")
with step("429 with Retry-After: the client waits and succeeds"):
    ask("throttle once")
    start = time.monotonic()
    equal(main.get_secret("one").value, f"{canary}-2")
    assert time.monotonic() - start >= 1
with step("workload identity, from the environment"):
    equal(client_of("MAIN_VAULT_URL", WorkloadIdentityCredential(**custom_authority)).get_secret("one").value, f"{canary}-2")
with step("workload identity of another ServiceAccount: AADSTS700213"):
    foreign = WorkloadIdentityCredential(token_file_path=env["OTHER_SUBJECT_TOKEN_FILE"], **custom_authority)
    with raises(ClientAuthenticationError) as caught:
        client_of("MAIN_VAULT_URL", foreign).get_secret("one")
    assert "AADSTS700213" in caught.error.message, caught.error.message
    assert not isinstance(caught.error, CredentialUnavailableError)

done()
