# nginx starts with the machine, answers the health check, and serves the pages that are in the image, as a user who
# cannot change them.
url=http://127.0.0.1:$WEB_PORT

fail() {
  echo "$*"
  exit 1
}

nginx -t
test -e /etc/systemd/system/multi-user.target.wants/nginx.service || fail 'nginx does not start with the machine'
# On an instance of the image it runs by now; where there is no systemd, it is started here.
if ! curl --silent --output /dev/null "$url/healthz"; then nginx; fi

health=$(curl --silent --show-error --retry 5 --retry-connrefused --retry-delay 1 "$url/healthz")
test "$health" = ok || fail "/healthz says \"$health\""

while read -r page; do
  curl --silent --show-error --fail --output /tmp/page "$url/${page#./}" || fail "$page is not served"
  cmp /tmp/page "$WEB_ROOT/$page" || fail "$page is served with other content"
done < <(cd "$WEB_ROOT" && find . -type f)
test -s "$WEB_ROOT/index.html" || fail 'there is no index.html'

status=$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/not-there")
test "$status" = 404 || fail "a page that is not there is answered with $status"

headers=$(curl --silent --head "$url/")
grep -qi '^server: nginx.\?$' <<<"$headers" || fail 'the answer tells the version of nginx'

writable=$(find "$WEB_ROOT" ! -user root -o -perm /022)
test -z "$writable" || fail "others than root can write $writable"
echo 'web: serves its pages and the health check'
