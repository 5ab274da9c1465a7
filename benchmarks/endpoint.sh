#!/usr/bin/env bash
# Load on a bare @PostMapping and on /_jobs of the same server, without and with an OIDC token, in turns. Needs wrk and
# curl.
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
token=$(curl -s "http://127.0.0.1:$port/token")
load() {
	wrk -t1 -c16 -d"${2}s" --latency -s post.lua "http://127.0.0.1:$port$1" -- "${3:-}" >"$out"
	if grep -q 'Non-2xx' "$out"; then cat "$out" >&2; exit 1; fi
	awk '/Requests\/sec/ { rate = $2 }
		/99%/ { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; if ($2 ~ /[0-9]s$/) p99 *= 1000 }
		END { print rate, p99 }' "$out"
}
load /bare 8 >/dev/null
load /_jobs 8 >/dev/null
load /_jobs 8 "$token" >/dev/null
for round in $(seq "$rounds"); do
	bare=$(load /bare "$seconds")
	jobs=$(load /_jobs "$seconds")
	oidc=$(load /_jobs "$seconds" "$token")
	echo "$bare $jobs $oidc"
done | awk '
	{ rate[NR] = $3 / $1; p99[NR] = $4 / $2; orate[NR] = $5 / $1; op99[NR] = $6 / $2
	  printf "bare %.0f/s p99 %.1f ms, /_jobs %.0f/s p99 %.1f ms: %.2f of the requests, %.2f of the p99; with a token %.0f/s p99 %.1f ms: %.2f, %.2f\n", $1, $2, $3, $4, rate[NR], p99[NR], $5, $6, orate[NR], op99[NR] }
	function sort(a, n,   i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t } }
	function tell(what, r, p) { sort(r, NR); sort(p, NR); m = int((NR + 1) / 2)
	  printf "%s: requests/s median %.2f of the bare endpoint (%.2f to %.2f), p99 median %.2f (%.2f to %.2f)\n", what, r[m], r[1], r[NR], p[m], p[1], p[NR] }
	END { tell("/_jobs", rate, p99); tell("/_jobs with an OIDC token", orate, op99) }'
