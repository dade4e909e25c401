#!/bin/sh
# embed.sh OUTPUT FILE...: writes the texts of the files into a Swift source. They hold no quotes and no backslashes.
set -e
output=$1
shift
{
  echo '/// Candidate events that come with the program: name and text of each file.'
  echo 'enum EmbeddedCandidates {'
  echo '  static let all: [(name: String, text: StaticString)] = ['
  for file; do
    printf '("%s", #"""\n' "$(basename "$file" .txt)"
    cat "$file"
    printf '\n"""#),\n'
  done
  echo '  ]'
  echo '}'
} >"$output"
