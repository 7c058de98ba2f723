#!/bin/sh
# Makes a scratch org with everything in this folder, and opens it. Needs the Salesforce CLI (sf) and a default Dev Hub.
#   bin/install-scratch.sh [alias of the org] [days that it lives]
set -eu
cd "$(dirname "$0")/.."

org=${1:-lightline}
days=${2:-7}

command -v sf >/dev/null 2>&1 || {
  echo "The Salesforce CLI is missing: npm install --global @salesforce/cli" >&2
  exit 1
}

echo "Creating the scratch org $org, for $days days"
sf org create scratch --definition-file config/project-scratch-def.json --alias "$org" --duration-days "$days" \
  --set-default --wait 15

bin/deploy.sh "$org"
sf org open --target-org "$org" --path lightning/n/Lightline_Lab
