# shellcheck shell=bash
# ./run chaos --fuzz: libFuzzer with the address sanitizer over everything that reads what others hand in.
#
# Seeds are those in Chaos/Fuzz/Seeds, the hostile messages of the unit tests and messages made on the spot. An input that
# breaks something stays in .run/fuzz/TARGET-crash-...: mend the cause, then move it to Chaos/Fuzz/Seeds/TARGET, from where
# every later run begins, and write a test.

FUZZ_TARGETS=(mime label question section answer envelope payload)

# seed_corpus TARGET FOLDER
seed_corpus() {
    local target=$1 folder=$2
    mkdir -p "$folder"
    if [[ -d Chaos/Fuzz/Seeds/$target ]]; then cp -r "Chaos/Fuzz/Seeds/$target/." "$folder"; fi
    case $target in
    mime)
        cp -r Tests/SHSTests/Hostile/Message Tests/SHSTests/Hostile/Signed "$folder"
        scripts/message.sh message 199001012384 >"$folder/message.eml"
        ;;
    question)
        cp Config/examples/*.xml "$folder"
        scripts/message.sh question 199001012384 >"$folder/question.xml"
        ;;
    esac
}

# run_fuzz SECONDS: so long in all, shared by the targets.
run_fuzz() {
    local total=$1 each target log code failed=0 runs units
    local -x SHS_PACKAGE_PART=fuzz SHS_FUZZ_CONTRACT=$ROOT/Config/contracts/ssbtek-10 SHS_FUZZ_TARGET
    # libFuzzer wants to report a crash itself.
    local -x SWIFT_BACKTRACE=enable=no
    each=$((total / ${#FUZZ_TARGETS[@]})); if ((each < 1)); then each=1; fi
    log=$LOGS/build-fuzz.log
    # The release build, for speed; testable, since the coding of payloads is internal.
    if ! slow_step "building shs-fuzz (first time 3 to 6 minutes)" "$log" swift build --configuration release \
        --product shs-fuzz --scratch-path "$ROOT/.build-fuzz" --sanitize=address \
        -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing -Xswiftc -parse-as-library; then
        tail_of "$log" 40; die "the build failed; the whole log is $log"
    fi
    mkdir -p "$STATE/fuzz" "$WORK/corpus/control"
    log=$LOGS/fuzz-control.log code=0
    SHS_FUZZ_TARGET=control slow_step "fuzzing what breaks" "$log" "$ROOT/.build-fuzz/release/shs-fuzz" \
        -max_total_time=60 -artifact_prefix="$WORK/corpus/" "$WORK/corpus/control" || code=$?
    if ((code == 0)); then die "the fuzzer did not find the control: it decides nothing"; fi
    for target in "${FUZZ_TARGETS[@]}"; do
        SHS_FUZZ_TARGET=$target log=$LOGS/fuzz-$target.log code=0
        seed_corpus "$target" "$WORK/corpus/$target"
        slow_step "fuzzing $target for $each s" "$log" "$ROOT/.build-fuzz/release/shs-fuzz" \
            -max_total_time="$each" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
            -artifact_prefix="$STATE/fuzz/$target-" "$WORK/corpus/$target" || code=$?
        runs=$(sed -nE 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
        units=$(sed -nE 's/^stat::new_units_added: *//p' "$log" | tail -n 1)
        if ((code)); then
            failed=1; tail_of "$log" 30
            say "$target: FAILED after ${runs:-?} inputs; see $log and $STATE/fuzz"
        else
            say "$target: ${runs:-?} inputs, ${units:-?} of them new ways through the code, no crash"
        fi
    done
    return "$failed"
}
