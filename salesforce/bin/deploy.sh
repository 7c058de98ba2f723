#!/bin/sh
# Deploys this folder to an org and gives its user all permission sets. Needs the Salesforce CLI (sf).
#   bin/deploy.sh <alias or user name of the org>
set -eu
cd "$(dirname "$0")/.."

org=${1:?"Which org? bin/deploy.sh <alias>"}

echo "Deploying to $org"
sf project deploy start --source-dir force-app --target-org "$org" --wait 30

echo "Assigning the permission sets"
sf org assign permset --name Lightline_Admin --name Lightline_Publisher --target-org "$org"
