#!/usr/bin/env bash
# The peer of `bench -- migrate` that people run today: a loop with one curl for each read and one for each write.
# Arguments: a folder that holds vault-header, azure-header, ca.pem, body and names (lines of: path name); the two addresses.
set -euo pipefail
cd "$1"
while read -r path name; do
  curl --silent --fail --header @vault-header "$2/v1/secret/data/$path" >read
  curl --silent --fail --header @azure-header --cacert ca.pem --request PUT --data-binary @body "$3/secrets/$name?api-version=7.4" >written
done <names
