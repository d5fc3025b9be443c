#!/usr/bin/env bash
# The main job on the shipped synthetic state: two school years, four districts, a college, wages.
# Needs `tessera` on the path; works in build/demo, which it empties first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rm -rf build/demo
mkdir -p build/demo
ln -s ../../data/synthetic/state build/demo/state
cd build/demo
mkdir -p year1 year2 later maps

started=$SECONDS
step=0
bold='' plain=''
if [[ -t 1 ]]; then bold=$'\033[1m' plain=$'\033[0m'; fi
title() {
  step=$((step + 1))
  printf '\n%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"
}
tell() { printf '   %s\n' "$*"; }
# run 'COMMAND' [PATTERN]: shows and runs it; with a pattern only the lines that match are shown.
# Status 1 is "done, with something to look at".
run() {
  local status=0
  printf '   $ %s\n' "$1"
  eval "$1" > said.txt 2>&1 || status=$?
  if ((status > 1)); then
    cat said.txt
    tell "the demo stopped: exit status $status"
    exit "$status"
  fi
  { grep -E "${2:-}" said.txt || true; } | sed 's/^/       /'
}

districts=(district_01 district_02 district_03 district_04)
# encode_october YEAR: every district, on its own machine. The fourth keeps OneRoster folders.
encode_october() {
  local d roster
  for d in "${districts[@]}"; do
    roster=state/$1/october/$d
    [[ -d $roster ]] || roster+=.csv
    run "tessera encode $roster --schema schema.json --key project.key --owner $d -o $1/$d.tess" 'records encoded'
  done
}
# receive_all YEAR: each district puts its local IDs back on its slice.
receive_all() {
  local d
  for d in "${districts[@]}"; do
    tessera receive "$1/ids/$d.csv" --map "$1/$d.map" -o "$1/$d-ids.csv"
  done
}

title "What all agree on: a public schema, and a project key that the linkage unit never has"
run "tessera schema show default --ssn -o schema.json"
run "tessera key new project.key --name demo"

title "Year 1: each district encodes its October roster; the names stay where they are"
encode_october year1
tell "a row of a roster, and how an entry of an encoded file begins:"
sed -n '8p' state/year1/october/district_01.csv | sed 's/^/       /'
# awk reads to the end: who stops before would kill tessera in the middle of a line, and with it the demo.
tessera inspect year1/district_01.tess --entries 1 |
  awk 'at && NR == at + 2 { sub(/^ */, "       "); print } /^entries of pass [a-z_]*$/ && !at { at = NR }'

title "The linkage unit opens a registry and gives every student an ID"
run "tessera registry init state.db --schema schema.json --trial"
run "tessera assign year1/*.tess --registry state.db --out year1/ids"

title "Each district puts its own local IDs back on what it gets"
receive_all year1
run "head -4 year1/district_01-ids.csv"

title "Year 2: new rosters, with moves, typing errors and changed names"
encode_october year2
run "tessera assign year2/*.tess --registry state.db --out year2/ids"
receive_all year2
tell "students who are on the same district's roster in both years:"
awk -F, 'FNR == 1 { next }
  { split(FILENAME, part, "/"); key = part[2] "," $1 }
  part[1] == "year1" { if ($2 != "") id[key] = $2; next }
  key in id && $2 != "" { if (id[key] == $2) same++; else other++ }
  END { printf "       %d kept their ID, %d did not\n", same, other }' year1/*-ids.csv year2/*-ids.csv
tell "students who moved to another district in between, by the list of moves that only a synthetic state has:"
awk -F, '
  FILENAME == "state/moves.csv" { if ($5 == 2 && $6 == 0) from[$1 "," $2] = $3 "," $4; next }
  { split(FILENAME, part, /[\/-]/); id[part[1] "," part[2] "," $1] = $2 }
  END {
    for (new in from) {
      was = id["year1," from[new]]; is = id["year2," new]
      if (was == "" || is == "") { if (("year1," from[new]) in id && ("year2," new) in id) waits++ }
      else if (was == is) same++; else other++
    }
    printf "       %d kept their ID, %d got another, %d wait for a person to decide\n", same, other, waits
  }' year1/*-ids.csv year2/*-ids.csv state/moves.csv

title "A student transfers in: one encoded question, one ID"
# The first move of year 2 that came in a night, after October, to a district with CSV files.
IFS=, read -r to to_id from from_id _ night < <(awk -F, '$5 == 2 && $6 > 0 && $1 != "district_04"' state/moves.csv)
sed -n "1p;/^$to_id,/p" "$(printf 'state/year2/night%02d/%s.csv' "$night" "$to")" > question.csv
tell "question.csv is one row of a roster, with the student's names and birthday."
run "tessera encode question.csv --schema schema.json --key project.key --owner $to -o question.tess" 'records encoded'
run "tessera locate answer question.tess --registry state.db"
was=$(awk -F, -v id="$from_id" '$1 == id { print $2 }' "year2/$from-ids.csv" "year1/$from-ids.csv" | sed -n 1p)
tell "$from knew this student as ${was:-nobody}."

title "College and workforce meet the same IDs, by look-up only: nothing is issued"
run "tessera encode state/year2/college/college_01.csv --schema schema.json --key project.key \\
       --owner college_01 --population college -o later/college_01.tess" 'records encoded'
run "tessera encode state/year2/wages/wages_4.txt --schema schema.json --key project.key \\
       --owner wages_y2q4 --population wage -o later/wages_y2q4.tess" 'records encoded'
run "tessera link later/*.tess --registry state.db -o later/links.csv"

title "Both years against the truth, which only a synthetic state has"
tell "two records with one ID are a link; a record that waits for review has none."
awk -F, 'FNR > 1 && $3 != "" { id[$1 "," $2] = $3 }
  END { for (key in id) print id[key] "," key ",1" }' year1/ids/ids.csv year2/ids/ids.csv | sort > clusters.csv
sed -i '1i cluster,owner,record,probability' clusters.csv
for d in "${districts[@]}"; do
  { echo record,local_id; tail -qn +2 "year1/$d.map" "year2/$d.map" | sort -u; } > "maps/$d.map"
done
tell "a linkage that is good on average may be bad for some: by ethnicity and by sex."
cut -d, -f1-4 state/groups.csv > groups.csv
run "tessera evaluate --clusters clusters.csv --truth state/truth.csv --map maps/*.map \\
       --groups groups.csv --html report.html --title 'Demo: two Octobers'"

printf '\nDone in %d s. The report is build/demo/report.html; all files are in build/demo.\n' "$((SECONDS - started))"
