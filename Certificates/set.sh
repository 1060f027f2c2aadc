#!/usr/bin/env bash
# Makes, completes and exchanges numbered sets of certificates. README.md beside this file says what belongs in a set.
#
#   set.sh DIR list          the sets of DIR; * is the one in use
#   set.sh DIR new           copies the set in use to the next number, open for changes; prints the number
#   set.sh DIR seal NNNN     writes the manifest: the set is complete now and is not changed any more
#   set.sh DIR check NNNN    whether the set is complete: every file there, as it was, and no other one
#   set.sh DIR use NNNN      checks the set and points the link 'current' to it, in one step
set -euo pipefail

usage() { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
die() { echo "set.sh: $*" >&2; exit 1; }
(($# >= 2)) || usage
dir=$1 command=$2 number=${3:-}
[[ -d $dir ]] || die "$dir: no such folder"
case $command in
    list | new) (($# == 2)) || usage ;;
    seal | check | use)
        (($# == 3)) || usage
        [[ $number =~ ^[0-9]+$ && -d $dir/$number && ! -L $dir/$number ]] || die "$dir holds no set $number" ;;
    *) usage ;;
esac
readonly header='# shs-gateway certificates 1'

in_use() { readlink "$dir/current" || true; }

# The numbers of all sets, the smallest first.
numbers() { find "$dir" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -xE '[0-9]+' | sort -n || true; }

# The files of a set but its manifest.
files() { (cd "$dir/$number" && find . -type f ! -path ./manifest -printf '%P\n' | LC_ALL=C sort); }

new() {
    local current last next
    current=$(in_use)
    [[ -n $current && -d $dir/$current ]] || die "$dir/current does not point to a set"
    last=$(numbers | tail -n 1)
    next=$(printf '%04d' "$((10#$last + 1))")
    mkdir -m 700 "$dir/$next"
    cp -a "$dir/$current/." "$dir/$next/"
    rm -f "$dir/$next/manifest"
    echo "$next"
}

seal() {
    local strange open
    strange=$(cd "$dir/$number" && { find . ! -type d ! -type f -printf '%P\n'; find . -name '*[[:cntrl:]\\]*' -printf '%P\n'; })
    [[ -z $strange ]] || die "set $number: neither a file nor a folder, or with a name that no manifest can hold: $strange"
    [[ -n $(files) ]] || die "set $number is empty"
    open=$(cd "$dir/$number" && find . \( -name '*.key' -o -name '*.uri' \) -perm /077 -printf '%P\n')
    [[ -z $open ]] || die "set $number: others than the owner may use a key; chmod 600 $open"
    # Made beside the set and moved into it: nobody sees half a manifest.
    manifest=$dir/.manifest.$$
    trap 'rm -f "$manifest"' EXIT
    {
        echo "$header"
        files | (cd "$dir/$number" && xargs -d '\n' sha256sum --)
    } >"$manifest"
    mv -T "$manifest" "$dir/$number/manifest"
    sync "$dir/$number/manifest" 2>/dev/null || true
}

check() {
    local listed unlisted
    [[ -f $dir/$number/manifest ]] || die "set $number has no manifest: seal it first"
    [[ $(head -n 1 "$dir/$number/manifest") == "$header" ]] || die "set $number: the manifest is of another kind"
    (cd "$dir/$number" && sha256sum --check --quiet --strict manifest) || die "set $number is not complete"
    listed=$(tail -n +2 "$dir/$number/manifest" | cut -c67- | LC_ALL=C sort)
    unlisted=$(LC_ALL=C comm -13 <(printf '%s\n' "$listed") <(files))
    [[ -z $unlisted ]] || die "set $number: not in the manifest: $unlisted"
}

case $command in
    list)
        current=$(in_use)
        while read -r number; do
            mark=' ' state=sealed
            if [[ $number == "$current" ]]; then mark='*'; fi
            if [[ ! -f $dir/$number/manifest ]]; then state=open; fi
            echo "$mark $number $state"
        done < <(numbers) ;;
    new) new ;;
    seal) seal ;;
    check) check ;;
    use)
        check
        ln -s "$number" "$dir/.current.$$"
        mv -T "$dir/.current.$$" "$dir/current" ;;
esac
