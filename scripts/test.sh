# shellcheck shell=bash
# ./run test: everything that must hold before a change is accepted. All checks run even when one fails; the summary is the last line.

declare -a FAILED=()

# check NAME COMMAND...: one check with its log, its time and its verdict.
check() {
    local name=$1 log=$LOGS/test-${1//[^a-z0-9]/-}.log; shift
    if slow_step "$name" "$log" "$@"; then
        say "$name: passed"
    else
        tail_of "$log" 60
        say "$name: FAILED; the whole log is $log"
        FAILED+=("$name")
    fi
}

# swift_test NAME ARGUMENTS...: tests that were skipped prove nothing, so they fail the run.
swift_test() {
    local name=$1 log=$LOGS/test-${1//[^a-z0-9]/-}.log skipped count; shift
    check "$name" swift test --disable-xctest "$@"
    skipped=$(grep -acE '(Test|Suite) .* skipped(:.*|\.)?$' "$log") || true
    count=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    if ((skipped > 0)); then say "$name: $skipped tests were SKIPPED; see $log"; FAILED+=("$name (skipped tests)"); fi
    if [[ -z $count || $count == 0 ]]; then say "$name: no test has run; see $log"; FAILED+=("$name (no tests)"); fi
    COUNTS+=("${count:-0} $name")
}

run_test() {
    local -a COUNTS=()
    local filter total
    open_workspace
    require_swift
    PACKAGES+=("${TEST_PACKAGES[@]}" shellcheck faketime)
    install_packages
    check "format" swift format lint --strict --recursive Sources Tests Benchmarks Chaos scripts Package.swift
    check "rules" "$ROOT/scripts/rules.sh"
    check "shellcheck" shellcheck --external-sources --check-sourced run .ci/run \
        scripts/{start-broker,stop-broker,message,rules,sanitizer/prove}.sh Certificates/*.sh
    check "build (first time 3 to 6 minutes)" swift build --build-tests --explicit-target-dependency-import-check error
    if [[ ${#FAILED[@]} == 0 || ${FAILED[-1]} != build* ]]; then
        swift_test "tests" --skip SimulationTests
        # Alone: thousands of worlds leave no processor to suites that wait for real brokers and clocks.
        swift_test "simulation" --filter SimulationTests
        # The suites named here hold C memory (house style 3.13); Package.swift leaves out for them what they do not need.
        export SHS_PACKAGE_PART=sanitized
        export LSAN_OPTIONS=suppressions=$ROOT/scripts/sanitizer/leaks.supp
        swift_test "address sanitizer" --sanitize=address --scratch-path "$ROOT/.build-asan" \
            --filter '(XML|SHS|Trust|AMQP)Tests'
        # And these the concurrent parts.
        check "thread sanitizer sees races and only races" scripts/sanitizer/prove.sh "$WORK/mutex.so"
        export LD_PRELOAD=$WORK/mutex.so
        swift_test "thread sanitizer" --sanitize=thread --scratch-path "$ROOT/.build-tsan" \
            --filter '(Gateway|InMemoryTransport|Trust|AMQP)Tests'
        unset LD_PRELOAD
        unset SHS_PACKAGE_PART LSAN_OPTIONS
    fi
    printf -v total '%s, ' "${COUNTS[@]}"
    if ((${#FAILED[@]})); then
        printf -v filter '%s, ' "${FAILED[@]}"
        say "FAILED after $SECONDS s: ${filter%, }. Ran: ${total%, }"
        exit 1
    fi
    say "all passed after $SECONDS s: ${total%, }, none skipped"
}
