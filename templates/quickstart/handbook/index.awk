# The first line of every chapter → a page of links.

BEGIN {
  print "<!doctype html>"
  print "<title>Handbook</title>"
  print "<h1>Handbook</h1>"
  print "<ol>"
}
FNR == 1 {
  page = FILENAME
  sub(/.*\//, "", page)
  sub(/\.txt$/, ".html", page)
  print "<li><a href=\"" page "\">" $0 "</a></li>"
}
END { print "</ol>" }
