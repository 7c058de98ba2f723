#!/bin/sh
# Runs the Apex tests in an org and shows how much of each class they cover. Needs the Salesforce CLI (sf).
#   bin/test-apex.sh <alias or user name of the org>
set -eu
cd "$(dirname "$0")/.."

org=${1:?"Which org? bin/test-apex.sh <alias>"}

sf apex run test --test-level RunLocalTests --code-coverage --result-format human --wait 20 --target-org "$org"
