# The data set is whole, and the program's means and counts are those that awk finds by itself.
sha256sum --check --quiet "$STATIONS.sha256"

expected=$(awk -F, 'NR > 1 { sum[$1] += $3; count[$1]++ }
  END { for (name in sum) printf "%s %d %.2f\n", name, count[name], sum[name] / count[name] }' "$STATIONS" | sort)
actual=$(analyzer "$STATIONS" | awk 'NR > 1 { print $1, $2, $3 }' | sort)

if [ "$expected" != "$actual" ]; then
  printf 'expected\n%s\nbut the analyzer says\n%s\n' "$expected" "$actual"
  exit 1
fi
echo "analyzer: $(wc -l <<<"$actual") stations agree with awk"
