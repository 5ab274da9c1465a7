#!/usr/bin/env bash
# The start of an application for one message beside its start as the web application that it is, in turns,
# with and without an AOT cache (JDK 25) or CDS (JDK 17). Uses the JDK of JAVA_HOME or the path.
# Usage: mvn -q -DskipTests package && benchmarks/run-once.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/target"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
rm -rf run-once
"$java" -Djarmode=tools -jar benchmarks-*-exec.jar extract --destination run-once
"$java" -cp "$(echo run-once/*.jar)" dev.backgroundjobs.benchmarks.RunOnceComparison run-once "${1:-15}"
