"""Drives a Vault by hvac. VAULT_ADDR and VAULT_TOKEN are read by hvac itself."""

import os

import hvac
from hvac.exceptions import Forbidden, InternalServerError, InvalidPath, InvalidRequest, VaultDown
from hvac.exceptions import UnexpectedError

from steps import ask, done, equal, raises, step

canary = os.environ["CANARY"]
client = hvac.Client()
kv = client.secrets.kv.v2


def value(name):
    return {"password": f"{canary}-{name}", "note": "grün\r\n"}


def read_file(variable):
    with open(os.environ[variable], encoding="utf-8") as file:
        return file.read()


def with_token(token):
    return hvac.Client(url=os.environ["VAULT_ADDR"], token=token)


def read(path, version=None, of=client):
    return of.secrets.kv.v2.read_secret_version(path, version=version, raise_on_deleted_version=True)["data"]


# The server

with step("sys: health"):
    health = client.sys.read_health_status(method="GET")
    equal((health["initialized"], health["sealed"], health["standby"]), (True, False, False))
    equal(client.sys.read_health_status(method="HEAD").status_code, 200)
with step("sys: seal status, initialised, leader"):
    status = client.sys.read_seal_status()
    equal((status["sealed"], status["initialized"], status["t"]), (False, True, 1))
    equal((client.sys.is_initialized(), client.sys.is_sealed()), (True, False))
    equal(client.sys.read_leader_status()["ha_enabled"], False)
with step("sys: list, enable, read and disable mounts"):
    assert client.sys.list_mounted_secrets_engines()["data"]["secret/"]["options"] == {"version": "2"}
    client.sys.enable_secrets_engine("kv", path="team", options={"version": "2"})
    client.secrets.kv.v2.create_or_update_secret("a", value("team"), mount_point="team")
    equal(client.sys.list_mounted_secrets_engines()["data"]["team/"]["type"], "kv")
    client.sys.disable_secrets_engine("team")
    with raises(InvalidPath):
        client.secrets.kv.v2.read_secret_version("a", mount_point="team", raise_on_deleted_version=True)
with step("sys: enable a mount twice: 400"):
    with raises(InvalidRequest) as caught:
        client.sys.enable_secrets_engine("kv", path="secret", options={"version": "2"})
    assert "path is already in use at secret/" in str(caught.error), caught.error
with step("sys: write, read, list and delete a policy"):
    rules = 'path "secret/data/app/*" { capabilities = ["read"] }'
    client.sys.create_or_update_policy("example", rules)
    equal(client.sys.read_policy("example")["data"]["rules"], rules)
    assert {"default", "example", "root"} <= set(client.sys.list_policies()["data"]["policies"])
    client.sys.delete_policy("example")
    with raises(InvalidPath):
        client.sys.read_policy("example")
with step("sys: a policy that is not HCL: 400"):
    with raises(InvalidRequest) as caught:
        client.sys.create_or_update_policy("broken", 'path "a" {')
    assert "failed to parse policy" in str(caught.error), caught.error

# KV v2

with step("kv: write and read, byte for byte"):
    written = kv.create_or_update_secret("app/one", value("one"))["data"]
    equal((written["version"], written["deletion_time"], written["destroyed"]), (1, "", False))
    equal(read("app/one")["data"], value("one"))
    equal(read("app/one")["metadata"]["custom_metadata"], None)
with step("kv: versions"):
    kv.create_or_update_secret("app/one", value("two"))
    equal(read("app/one", 1)["data"], value("one"))
    equal(read("app/one")["metadata"]["version"], 2)
    with raises(InvalidPath):
        read("app/one", 9)
with step("kv: write 60 secrets and list them"):
    for number in range(60):
        kv.create_or_update_secret(f"many/s-{number:02}", value(number))
    kv.create_or_update_secret("many/s-00/below", value("below"))
    keys = kv.list_secrets("many")["data"]["keys"]
    equal(keys, sorted([f"s-{number:02}" for number in range(60)] + ["s-00/"]))
with step("kv: list nothing: 404"):
    with raises(InvalidPath) as caught:
        kv.list_secrets("nothing")
    equal(caught.error.errors, [])
with step("kv: read nothing: 404 without errors"):
    with raises(InvalidPath) as caught:
        read("nothing")
    equal(caught.error.errors, [])
with step("kv: check-and-set"):
    equal(kv.create_or_update_secret("app/cas", value("1"), cas=0)["data"]["version"], 1)
    equal(kv.create_or_update_secret("app/cas", value("2"), cas=1)["data"]["version"], 2)
    for stale in (0, 1, 7):
        with raises(InvalidRequest) as caught:
            kv.create_or_update_secret("app/cas", value("3"), cas=stale)
        equal(caught.error.errors, ["check-and-set parameter did not match the current version"])
with step("kv: patch reads, merges and writes with check-and-set"):
    equal(kv.patch("app/cas", {"added": "x"})["data"]["version"], 3)
    equal(read("app/cas")["data"], {**value("2"), "added": "x"})
with step("kv: patch nothing"):
    with raises(InvalidPath):
        kv.patch("nothing", {"a": "b"})
with step("kv: delete the latest version: 404 that says when, then undelete"):
    kv.delete_latest_version_of_secret("app/one")
    with raises(InvalidPath) as caught:
        read("app/one")
    equal(caught.error.json["data"]["data"], None)
    assert caught.error.json["data"]["metadata"]["deletion_time"] != ""
    deleted = kv.read_secret_version("app/one", raise_on_deleted_version=False)["data"]
    equal((deleted["data"], deleted["metadata"]["version"]), (None, 2))
    kv.undelete_secret_versions("app/one", [2])
    equal(read("app/one")["data"], value("two"))
with step("kv: delete one version, destroy another"):
    kv.delete_secret_versions("app/one", [1])
    with raises(InvalidPath):
        read("app/one", 1)
    kv.destroy_secret_versions("app/cas", [1, 2])
    with raises(InvalidPath) as caught:
        read("app/cas", 1)
    equal(caught.error.json["data"]["metadata"]["destroyed"], True)
    kv.undelete_secret_versions("app/cas", [1])
    equal(kv.read_secret_metadata("app/cas")["data"]["versions"]["1"]["destroyed"], True)
with step("kv: metadata and custom metadata"):
    kv.update_metadata("app/cas", max_versions=3, cas_required=True, delete_version_after="1h", custom_metadata={"owner": "team"})
    metadata = kv.read_secret_metadata("app/cas")["data"]
    equal((metadata["max_versions"], metadata["cas_required"], metadata["delete_version_after"]), (3, True, "1h0m0s"))
    equal(metadata["custom_metadata"], {"owner": "team"})
    equal(sorted(metadata["versions"]), ["1", "2", "3"])
    with raises(InvalidRequest) as caught:
        kv.create_or_update_secret("app/cas", value("4"))
    equal(caught.error.errors, ["check-and-set parameter required for this call"])
with step("kv: more custom metadata than is allowed: 400"):
    with raises(InvalidRequest):
        kv.update_metadata("app/cas", custom_metadata={f"key-{number}": "x" for number in range(65)})
with step("kv: delete metadata and all versions"):
    kv.delete_metadata_and_all_versions("app/cas")
    with raises(InvalidPath) as caught:
        kv.read_secret_metadata("app/cas")
    equal(caught.error.errors, [])
with step("kv: configuration of the mount"):
    kv.configure(max_versions=5, cas_required=False)
    configuration = kv.read_configuration()["data"]
    equal((configuration["max_versions"], configuration["cas_required"]), (5, False))
with step("kv: subkeys, by a plain read"):
    subkeys = client.read("secret/subkeys/app/one")["data"]["subkeys"]
    equal(subkeys, {"password": None, "note": None})
with step("kv: a mount that does not exist: 404 no handler"):
    with raises(InvalidPath) as caught:
        kv.read_secret_version("a", mount_point="nowhere", raise_on_deleted_version=True)
    assert "no handler for route" in str(caught.error), caught.error
with step("kv: no data: 400"):
    with raises(InvalidRequest) as caught:
        client.adapter.post("/v1/secret/data/app/none", json={})
    equal(caught.error.errors, ["no data provided"])
with step("kv: an unsupported operation: 405, for which hvac has no class"):
    with raises(UnexpectedError):
        client.adapter.delete("/v1/secret/config")

# Tokens

with step("token: look up"):
    own = client.lookup_token()["data"]
    equal((own["policies"], own["ttl"], own["path"]), (["root"], 0, "auth/token/root"))
    assert client.is_authenticated()
with step("token: create, look up, renew, revoke"):
    created = client.auth.token.create(policies=["default"], ttl="1h", meta={"for": "example"})["auth"]
    equal((created["policies"], created["renewable"], created["lease_duration"]), (["default"], True, 3600))
    looked_up = client.auth.token.lookup(created["client_token"])["data"]
    equal((looked_up["meta"], looked_up["type"]), ({"for": "example"}, "service"))
    equal(client.auth.token.lookup_accessor(created["accessor"])["data"]["id"], "")
    other = with_token(created["client_token"])
    equal(other.auth.token.renew_self(increment="30m")["auth"]["lease_duration"], 1800)
    equal(client.auth.token.renew(created["client_token"], increment="20m")["auth"]["lease_duration"], 1200)
    other.auth.token.revoke_self()
    with raises(Forbidden):
        other.auth.token.lookup_self()
with step("token: revoke by accessor, with its children"):
    parent = client.auth.token.create(policies=["root"], ttl="1h")["auth"]
    child = with_token(parent["client_token"]).auth.token.create(policies=["default"])["auth"]
    client.auth.token.revoke_accessor(parent["accessor"])
    assert not with_token(child["client_token"]).is_authenticated()
with step("token: unknown: 403 permission denied"):
    with raises(Forbidden) as caught:
        read("app/one", of=with_token(f"{canary}-token"))
    assert "permission denied" in str(caught.error), caught.error

# Policies

with step("policy: what it does not grant is 403, whether it exists or not"):
    client.sys.create_or_update_policy("reader", 'path "secret/data/app/*" { capabilities = ["read"] }')
    reader = with_token(client.auth.token.create(policies=["reader"])["auth"]["client_token"])
    equal(read("app/one", of=reader)["data"], value("two"))
    for attempt in (
        lambda: reader.secrets.kv.v2.create_or_update_secret("app/one", value("x")),
        lambda: reader.secrets.kv.v2.list_secrets("app"),
        lambda: read("other/one", of=reader),
        lambda: reader.sys.list_policies(),
    ):
        with raises(Forbidden) as caught:
            attempt()
        assert "permission denied" in str(caught.error), caught.error
with step("policy: capabilities-self"):
    paths = ["secret/data/app/one", "secret/data/other"]
    capabilities = reader.sys.get_capabilities(paths)["data"]
    equal([capabilities[path] for path in paths], [["read"], ["deny"]])
    equal(client.sys.get_capabilities(["secret/data/x"])["data"]["secret/data/x"], ["root"])

# Logins

with step("approle: login, and what it may"):
    client.sys.enable_auth_method("approle")
    approle = client.auth.approle
    approle.create_or_update_approle("app", token_policies=["reader"], token_ttl="20m")
    role_id = approle.read_role_id("app")["data"]["role_id"]
    secret_id = approle.generate_secret_id("app")["data"]["secret_id"]
    application = hvac.Client(url=os.environ["VAULT_ADDR"])
    auth = application.auth.approle.login(role_id, secret_id)["auth"]
    equal((sorted(auth["policies"]), auth["lease_duration"]), (["default", "reader"], 1200))
    equal(read("app/one", of=application)["data"], value("two"))
    equal(approle.list_roles()["data"]["keys"], ["app"])
with step("approle: a wrong secret id: 400"):
    with raises(InvalidRequest) as caught:
        with_token("").auth.approle.login(role_id, f"{canary}-secret-id", use_token=False)
    equal(caught.error.errors, ["invalid role or secret ID"])
with step("kubernetes: login by a ServiceAccount's token"):
    client.auth.kubernetes.create_role(
        "app", ["external-secrets"], ["external-secrets"], ttl="20m", policies=["reader"], audience="vault"
    )
    application = hvac.Client(url=os.environ["VAULT_ADDR"])
    auth = application.auth.kubernetes.login("app", read_file("KUBERNETES_TOKEN_FILE"))["auth"]
    equal(auth["metadata"]["service_account_name"], "external-secrets")
    equal(read("app/one", of=application)["data"], value("two"))
    equal(client.auth.kubernetes.list_roles()["keys"], ["app"])
with step("kubernetes: another audience: 403; an unknown role: 400"):
    with raises(Forbidden):
        with_token("").auth.kubernetes.login("app", read_file("OTHER_AUDIENCE_TOKEN_FILE"), use_token=False)
    with raises(InvalidRequest) as caught:
        with_token("").auth.kubernetes.login("none", read_file("KUBERNETES_TOKEN_FILE"), use_token=False)
    assert 'invalid role name "none"' in str(caught.error), caught.error

# Failures

with step("a server error: 500, which hvac does not retry"):
    ask("answer 500 once")
    with raises(InternalServerError):
        read("app/one")
    equal(read("app/one")["data"], value("two"))
with step("sealed: 503 to everything but what tells so, then unsealed"):
    client.sys.seal()
    with raises(VaultDown):
        read("app/one")
    equal(client.sys.is_sealed(), True)
    equal(client.sys.read_health_status(method="HEAD").status_code, 503)
    equal(client.sys.submit_unseal_key(os.environ["UNSEAL_KEY"])["sealed"], False)
    equal(read("app/one")["data"], value("two"))

done()
