#!/bin/sh
# stamp.sh PACKAGE FOLDER: writes FOLDER/BuildStamp.swift with the commit of PACKAGE.
# The file is touched only when the commit changes, so that nothing is built in vain.
package=$1
folder=$2
git() { command git -c "safe.directory=*" -C "$package" "$@"; }

# The package must be the top of its repository: one unpacked inside another has no commit of its own.
commit=
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$package" && pwd -P)" ]; then
  commit=$(git rev-parse --short=12 HEAD 2>/dev/null)
  if [ -n "$commit" ] && [ -n "$(git status --porcelain --untracked-files=no 2>/dev/null)" ]; then
    commit="$commit-modified"
  fi
fi
commit=${commit:-${DUSKLINE_COMMIT:-unknown}}
case $commit in *[!0-9A-Za-z._-]*) commit=unknown ;; esac

mkdir -p "$folder" || exit 1
text="/// What the build knew of its source.
enum BuildStamp {
  /// The commit, with \`-modified\` behind it where files had changed since.
  static let commit = \"$commit\"
}"
file=$folder/BuildStamp.swift
if [ "$(cat "$file" 2>/dev/null)" != "$text" ]; then
  printf '%s\n' "$text" >"$file"
fi
