# One chapter → one page. The first line is the title, `## ` starts a section, four spaces a line of code, an empty line
# ends a paragraph.

function escaped(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  return text
}

function close_block() {
  if (block != "") print "</" block ">"
  block = ""
}

function open_block(name) {
  if (block == name) return
  close_block()
  printf "<%s>", name
  block = name
}

NR == 1 {
  print "<!doctype html>"
  print "<title>" escaped($0) "</title>"
  print "<p><a href=\"index.html\">Handbook</a></p>"
  print "<h1>" escaped($0) "</h1>"
  next
}
/^## / { close_block(); print "<h2>" escaped(substr($0, 4)) "</h2>"; next }
/^    / { open_block("pre"); print escaped(substr($0, 5)); next }
/^$/ { close_block(); next }
{ open_block("p"); print escaped($0) }
END { close_block() }
