#!/usr/bin/env bash
# Load on /_jobs and on a bare @PostMapping of the same server, in turns. Needs wrk and curl.
# Usage: mvn -q -DskipTests package && benchmarks/endpoint.sh [rounds] [seconds]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}
seconds=${2:-10}
port=18080
java -cp 'target/classes:target/lib/*' dev.backgroundjobs.benchmarks.EndpointServer --server.port=$port &
server=$!
out=$(mktemp)
trap 'kill $server; rm -f "$out"' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$port/"; do :; done
load() {
	wrk -t1 -c16 -d"${2}s" --latency -s post.lua "http://127.0.0.1:$port$1" >"$out"
	if grep -q 'Non-2xx' "$out"; then cat "$out" >&2; exit 1; fi
	awk '/Requests\/sec/ { rate = $2 }
		/99%/ { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; if ($2 ~ /[0-9]s$/) p99 *= 1000 }
		END { print rate, p99 }' "$out"
}
load /bare 8 >/dev/null
load /_jobs 8 >/dev/null
for round in $(seq "$rounds"); do
	bare=$(load /bare "$seconds")
	jobs=$(load /_jobs "$seconds")
	echo "$bare $jobs"
done | awk '
	{ rate[NR] = $3 / $1; p99[NR] = $4 / $2
	  printf "bare %.0f/s p99 %.1f ms, /_jobs %.0f/s p99 %.1f ms: %.2f of the requests, %.2f of the p99\n", $1, $2, $3, $4, rate[NR], p99[NR] }
	function sort(a, n,   i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t } }
	END { sort(rate, NR); sort(p99, NR); m = int((NR + 1) / 2)
	  printf "/_jobs: requests/s median %.2f of the bare endpoint (%.2f to %.2f), p99 median %.2f (%.2f to %.2f)\n", rate[m], rate[1], rate[NR], p99[m], p99[1], p99[NR] }'
