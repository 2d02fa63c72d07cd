# NAMD starts, is the version that was asked for, and ends by itself when its configuration is missing something.
folder=$(mktemp -d)
cd "$folder"
load=$(spack load --sh namd@2.14)
eval "$load"

echo 'numsteps 0' >empty.conf
status=0
output=$(namd2 +p1 empty.conf 2>&1) || status=$?
if ! grep -q 'NAMD 2.14' <<<"$output"; then
  printf 'namd2 ended with %d, and does not say that it is NAMD 2.14:\n%s\n' "$status" "$output"
  exit 1
fi
echo 'namd: starts'
