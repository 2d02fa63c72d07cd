# Every page that is linked is there, every page has the title it is linked with, and no tag is left open.
cd /srv/handbook

links=$(sed -n 's/.*<a href="\([^"]*\)">\([^<]*\)<.*/\1 \2/p' index.html)
test -n "$links"
while read -r page title; do
  test -s "$page" || { echo "index.html links $page, which is not there"; exit 1; }
  grep -qF "<h1>$title</h1>" "$page" || { echo "$page is not called \"$title\""; exit 1; }
done <<<"$links"

for tag in p pre; do
  opened=$(cat ./*.html | grep -o "<$tag>" | wc -l)
  closed=$(cat ./*.html | grep -o "</$tag>" | wc -l)
  test "$opened" -eq "$closed" || { echo "<$tag> is opened $opened times and closed $closed times"; exit 1; }
done
echo "handbook: $(wc -l <<<"$links") pages, all linked and whole"
